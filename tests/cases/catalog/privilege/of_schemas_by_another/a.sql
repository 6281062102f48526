GRANT USAGE ON SCHEMA privilege_of_schemas_by_another TO headworks_case_writer WITH GRANT OPTION;
GRANT USAGE ON SCHEMA privilege_of_schemas_by_another TO headworks_case_reader;
