CREATE TABLE t (a integer, b text);
CREATE STATISTICS s1 ON a, lower(b) FROM t;
CREATE STATISTICS s2 ON (a + 1) FROM t;
