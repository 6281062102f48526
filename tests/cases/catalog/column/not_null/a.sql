-- PostgreSQL 18
CREATE TABLE t (x integer CONSTRAINT has_x NOT NULL);
