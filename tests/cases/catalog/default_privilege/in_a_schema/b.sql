ALTER DEFAULT PRIVILEGES FOR ROLE headworks_case_writer IN SCHEMA default_privilege_in_a_schema GRANT ALL ON SEQUENCES TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE headworks_case_writer IN SCHEMA default_privilege_in_a_schema GRANT ALL ON FUNCTIONS TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE headworks_case_writer IN SCHEMA default_privilege_in_a_schema GRANT ALL ON TYPES TO PUBLIC;
