CREATE TABLE t (id int, email text);
GRANT SELECT (email) ON t TO headworks_case_writer WITH GRANT OPTION;
GRANT USAGE ON SCHEMA privilege_of_columns_by_another TO headworks_case_writer;
GRANT SELECT (email) ON t TO headworks_case_reader;
