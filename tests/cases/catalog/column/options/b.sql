CREATE TABLE t (a integer);
ALTER TABLE t ALTER a SET (n_distinct_inherited = -0.5, n_distinct = 100);
