CREATE TABLE t (id integer, a text);
CREATE POLICY "P . x" ON t;
