CREATE TABLE t (x integer NOT NULL);
