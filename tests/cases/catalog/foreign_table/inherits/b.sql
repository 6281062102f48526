CREATE FOREIGN DATA WRAPPER foreign_table_inherits;
CREATE SERVER foreign_table_inherits FOREIGN DATA WRAPPER foreign_table_inherits;
CREATE TABLE p (a integer CHECK (a > 0));
CREATE FOREIGN TABLE t (b integer) INHERITS (p) SERVER foreign_table_inherits;
ALTER FOREIGN TABLE t NO INHERIT p;
