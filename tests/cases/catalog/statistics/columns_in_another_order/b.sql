CREATE TABLE t (b integer, a integer, c integer);
CREATE STATISTICS s ON b, a FROM t;
