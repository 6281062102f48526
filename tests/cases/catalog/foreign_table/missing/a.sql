CREATE FOREIGN DATA WRAPPER foreign_table_missing;
CREATE SERVER foreign_table_missing FOREIGN DATA WRAPPER foreign_table_missing;
CREATE FOREIGN TABLE t (a integer NOT NULL CHECK (a > 0) DEFAULT 1, b text) SERVER foreign_table_missing OPTIONS (x 'y');
COMMENT ON FOREIGN TABLE t IS 'x';
