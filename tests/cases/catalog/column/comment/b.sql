CREATE TABLE t (id integer);
COMMENT ON COLUMN t.id IS 'it''s
long';
