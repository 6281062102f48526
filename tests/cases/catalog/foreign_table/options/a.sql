CREATE FOREIGN DATA WRAPPER foreign_table_options;
CREATE SERVER foreign_table_options FOREIGN DATA WRAPPER foreign_table_options;
CREATE FOREIGN TABLE t (a integer) SERVER foreign_table_options OPTIONS (table_name 'T', schema_name 'S');
