ALTER DEFAULT PRIVILEGES IN SCHEMA default_privilege_granted GRANT SELECT ON TABLES TO headworks_case_reader;
