-- alone
CREATE EXTENSION pg_buffercache;
GRANT SELECT ON pg_buffercache TO headworks_case_reader;
