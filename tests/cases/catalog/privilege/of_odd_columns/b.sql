CREATE TABLE t ("a, b" integer, "SELECT" integer);
GRANT SELECT ("a, b"), UPDATE ("SELECT") ON t TO headworks_case_reader;
