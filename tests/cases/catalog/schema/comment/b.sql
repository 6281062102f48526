COMMENT ON SCHEMA schema_comment IS 'two';
