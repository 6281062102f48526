-- pg_dump may tell
CREATE TABLE t (x integer CONSTRAINT has_x NOT NULL);
