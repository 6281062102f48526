CREATE TABLE t (id integer PRIMARY KEY, a integer, b text);
ALTER TABLE t REPLICA IDENTITY FULL;
CREATE PUBLICATION publication_table_where FOR TABLE t WHERE (id > 1 AND a IS NULL);
