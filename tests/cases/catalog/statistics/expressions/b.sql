CREATE TABLE t (a integer, b text);
CREATE STATISTICS s1 ON a, upper(b), (a % 2) FROM t;
CREATE STATISTICS s2 ON (a + 2) FROM t;
