CREATE TABLE t (id integer, x bigint);
