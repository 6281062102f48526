DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 5', current_database());
END $$;
