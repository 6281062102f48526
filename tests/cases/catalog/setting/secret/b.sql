DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET app.jwt_secret = ''s3cr3t two''', current_database());
    EXECUTE format('ALTER DATABASE %I SET app.dsn = ''postgresql://me:s3cr3t2@h/d''', current_database());
END $$;
