CREATE FOREIGN DATA WRAPPER foreign_table_bound_in_another_order;
CREATE SERVER foreign_table_bound_in_another_order FOREIGN DATA WRAPPER foreign_table_bound_in_another_order;
CREATE TABLE t (v text) PARTITION BY LIST (v);
CREATE FOREIGN TABLE t1 PARTITION OF t FOR VALUES IN ('b', 'a') SERVER foreign_table_bound_in_another_order;
