CREATE FOREIGN DATA WRAPPER foreign_table_comment;
CREATE SERVER foreign_table_comment FOREIGN DATA WRAPPER foreign_table_comment;
CREATE FOREIGN TABLE t (a integer) SERVER foreign_table_comment;
