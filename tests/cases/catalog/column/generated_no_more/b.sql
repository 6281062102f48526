CREATE TABLE t (id integer, x integer, y integer);
