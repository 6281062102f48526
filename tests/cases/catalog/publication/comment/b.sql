CREATE PUBLICATION publication_comment;
COMMENT ON PUBLICATION publication_comment IS 'two';
