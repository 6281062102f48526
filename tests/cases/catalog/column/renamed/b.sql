CREATE TABLE t (a integer, b integer);
ALTER TABLE t RENAME b TO c;
