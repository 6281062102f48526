CREATE TABLE t (a integer);
GRANT SELECT ON t TO headworks_case_reader;
