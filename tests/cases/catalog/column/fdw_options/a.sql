CREATE FOREIGN DATA WRAPPER column_fdw_options;
CREATE SERVER column_fdw_options FOREIGN DATA WRAPPER column_fdw_options;
CREATE FOREIGN TABLE t (a integer OPTIONS (column_name 'A'), b integer) SERVER column_fdw_options;
