-- pg_dump cannot tell
CREATE TABLE r (id integer PRIMARY KEY);
CREATE TABLE t (a integer REFERENCES r);
