CREATE TABLE t (id integer, a text);
CREATE POLICY p1 ON t TO pg_monitor USING (true);
CREATE POLICY p2 ON t TO pg_read_all_data, pg_monitor USING (true);
CREATE POLICY p3 ON t TO pg_monitor USING (true);
