CREATE TABLE t (id integer, x integer NOT NULL);
