-- pg_dump cannot tell
CREATE TABLE t (id integer NOT NULL, a text);
