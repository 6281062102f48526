CREATE FOREIGN DATA WRAPPER server_missing;
CREATE SERVER server_missing FOREIGN DATA WRAPPER server_missing;
CREATE FOREIGN TABLE t (a integer) SERVER server_missing;
