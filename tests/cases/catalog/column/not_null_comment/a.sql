-- PostgreSQL 18
CREATE TABLE t (x integer NOT NULL);
