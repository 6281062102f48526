CREATE TABLE t (b integer, a integer, c integer);
CREATE STATISTICS s ON a, b FROM t;
