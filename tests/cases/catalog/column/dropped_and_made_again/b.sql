CREATE TABLE t (a integer, b integer);
ALTER TABLE t DROP a;
ALTER TABLE t ADD a integer;
