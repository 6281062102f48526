CREATE VIEW t AS SELECT 1 AS a;
GRANT SELECT, DELETE ON t TO headworks_case_reader;
