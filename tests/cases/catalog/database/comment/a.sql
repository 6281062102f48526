-- alone
DO $$ BEGIN
    EXECUTE format('COMMENT ON DATABASE %I IS ''one''', current_database());
END $$;
