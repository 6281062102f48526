CREATE TABLE t (id integer PRIMARY KEY, a integer, b text);
CREATE PUBLICATION publication_missing FOR TABLE t;
