CREATE TABLE t (id integer, a text);
CREATE POLICY p ON t AS RESTRICTIVE USING (id > 0);
