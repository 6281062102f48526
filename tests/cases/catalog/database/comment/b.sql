DO $$ BEGIN
    EXECUTE format('COMMENT ON DATABASE %I IS ''two''', current_database());
END $$;
