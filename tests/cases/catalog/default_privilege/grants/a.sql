ALTER DEFAULT PRIVILEGES IN SCHEMA default_privilege_grants GRANT SELECT ON TABLES TO headworks_case_reader;
