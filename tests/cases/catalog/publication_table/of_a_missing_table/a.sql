CREATE TABLE t (id integer PRIMARY KEY, a integer, b text);
CREATE PUBLICATION publication_table_of_a_missing_table FOR TABLE t (id);
