CREATE TABLE t (c integer, x integer, a integer, b integer);
