DO $$ BEGIN
    EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO headworks_case_reader', current_database());
    EXECUTE format('GRANT CREATE ON DATABASE %I TO headworks_case_writer', current_database());
END $$;
