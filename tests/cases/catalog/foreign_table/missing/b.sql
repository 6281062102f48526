CREATE FOREIGN DATA WRAPPER foreign_table_missing;
CREATE SERVER foreign_table_missing FOREIGN DATA WRAPPER foreign_table_missing;
