-- alone, pg_dump may tell
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET app.jwt_secret = ''s3cr3t one''', current_database());
    EXECUTE format('ALTER DATABASE %I SET app.dsn = ''postgresql://me:s3cr3t1@h/d''', current_database());
END $$;
