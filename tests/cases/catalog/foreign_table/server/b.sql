CREATE FOREIGN DATA WRAPPER foreign_table_server;
CREATE SERVER foreign_table_server1 FOREIGN DATA WRAPPER foreign_table_server;
CREATE SERVER foreign_table_server2 FOREIGN DATA WRAPPER foreign_table_server;
CREATE FOREIGN TABLE t (a integer) SERVER foreign_table_server2;
