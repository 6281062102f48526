CREATE TABLE t (id integer PRIMARY KEY, a integer, b text);
CREATE PUBLICATION publication_table_unexpected FOR TABLE t;
