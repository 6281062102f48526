GRANT USAGE ON SCHEMA privilege_of_schemas_by_another TO headworks_case_writer WITH GRANT OPTION;
SET ROLE headworks_case_writer;
GRANT USAGE ON SCHEMA privilege_of_schemas_by_another TO headworks_case_reader;
RESET ROLE;
