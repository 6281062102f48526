-- alone, pg_dump may tell
CREATE EXTENSION hstore;
CREATE TABLE t (id serial);
ALTER EXTENSION hstore ADD TABLE t;
