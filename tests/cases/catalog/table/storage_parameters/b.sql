CREATE TABLE t (id integer PRIMARY KEY, a text, b integer NOT NULL);
ALTER TABLE t SET (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
