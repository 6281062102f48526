GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO headworks_case_reader;
REVOKE SELECT ON pg_catalog.pg_stats FROM PUBLIC;
GRANT SELECT (rolpassword) ON pg_catalog.pg_authid TO headworks_case_reader;
REVOKE USAGE ON LANGUAGE sql FROM PUBLIC;
