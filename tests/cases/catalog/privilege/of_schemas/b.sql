GRANT USAGE ON SCHEMA privilege_of_schemas TO headworks_case_reader;
GRANT CREATE ON SCHEMA privilege_of_schemas TO PUBLIC;
