DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = app', current_database());
    EXECUTE format('ALTER ROLE headworks_case_reader IN DATABASE %I SET work_mem = ''2MB''', current_database());
    EXECUTE format('ALTER DATABASE %I SET app.name = ''a=c''', current_database());
END $$;
