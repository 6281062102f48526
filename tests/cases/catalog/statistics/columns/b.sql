CREATE TABLE t (b integer, a integer, c integer);
CREATE STATISTICS s ON c, b, a FROM t;
