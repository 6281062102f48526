-- alone
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = app, public', current_database());
    EXECUTE format('ALTER ROLE headworks_case_reader IN DATABASE %I SET work_mem = ''1MB''', current_database());
    EXECUTE format('ALTER DATABASE %I SET app.name = ''a=b, c''', current_database());
END $$;
