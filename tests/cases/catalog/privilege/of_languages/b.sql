CREATE TRUSTED LANGUAGE privilege_of_languages HANDLER plpgsql_call_handler;
GRANT USAGE ON LANGUAGE privilege_of_languages TO headworks_case_reader;
REVOKE USAGE ON LANGUAGE privilege_of_languages FROM PUBLIC;
