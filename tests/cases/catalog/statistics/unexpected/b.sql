CREATE TABLE t (a integer, b integer);
CREATE STATISTICS "S . x" ON a, b FROM t;
