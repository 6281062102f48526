CREATE FOREIGN DATA WRAPPER foreign_table_bound;
CREATE SERVER foreign_table_bound FOREIGN DATA WRAPPER foreign_table_bound;
CREATE TABLE p (a integer, b text) PARTITION BY RANGE (a);
CREATE FOREIGN TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10) SERVER foreign_table_bound;
