DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = app, public', current_database());
    EXECUTE format('ALTER ROLE headworks_case_reader IN DATABASE %I SET statement_timeout = ''5s''', current_database());
END $$;
