-- pg_dump cannot tell
CREATE TABLE t (a text, CONSTRAINT c EXCLUDE USING btree ((lower(a)) WITH =));
