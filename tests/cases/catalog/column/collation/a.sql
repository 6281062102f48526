CREATE TABLE t (id integer, x text);
