-- pg_dump cannot tell
CREATE TABLE t (a integer);
