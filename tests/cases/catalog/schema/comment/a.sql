COMMENT ON SCHEMA schema_comment IS 'one';
