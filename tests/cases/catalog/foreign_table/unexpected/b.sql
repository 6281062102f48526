CREATE FOREIGN DATA WRAPPER foreign_table_unexpected;
CREATE SERVER foreign_table_unexpected FOREIGN DATA WRAPPER foreign_table_unexpected;
CREATE FOREIGN TABLE "T . x" (a integer) SERVER foreign_table_unexpected;
