CREATE TABLE t (id integer, a text);
CREATE POLICY p ON t USING (id > 0);
COMMENT ON POLICY p ON t IS 'mine';
