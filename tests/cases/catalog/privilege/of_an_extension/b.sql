CREATE EXTENSION pg_buffercache;
GRANT SELECT ON pg_buffercache TO headworks_case_reader;
REVOKE EXECUTE ON FUNCTION pg_buffercache_pages() FROM pg_monitor;
