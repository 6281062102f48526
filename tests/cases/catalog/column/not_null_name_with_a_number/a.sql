-- PostgreSQL 18, pg_dump may tell
CREATE TABLE t (x integer NOT NULL);
CREATE TABLE u (x integer CONSTRAINT t_x_not_null NOT NULL);
