CREATE TABLE t (id integer, a text);
CREATE POLICY p ON t USING (id > 0);
