CREATE TABLE t (a integer, b integer);
CREATE STATISTICS s (mcv, ndistinct) ON a, b FROM t;
