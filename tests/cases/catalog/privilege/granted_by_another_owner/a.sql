CREATE TABLE t (id int);
GRANT SELECT ON t TO headworks_case_reader;
