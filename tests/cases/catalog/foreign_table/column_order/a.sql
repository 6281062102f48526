CREATE FOREIGN DATA WRAPPER foreign_table_column_order;
CREATE SERVER foreign_table_column_order FOREIGN DATA WRAPPER foreign_table_column_order;
CREATE FOREIGN TABLE t (a integer, b integer) SERVER foreign_table_column_order;
