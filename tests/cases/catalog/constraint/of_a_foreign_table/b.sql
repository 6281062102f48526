CREATE FOREIGN DATA WRAPPER constraint_of_a_foreign_table;
CREATE SERVER constraint_of_a_foreign_table FOREIGN DATA WRAPPER constraint_of_a_foreign_table;
CREATE FOREIGN TABLE t (a integer) SERVER constraint_of_a_foreign_table;
ALTER FOREIGN TABLE t ADD CHECK (a > 0), ALTER a SET NOT NULL;
