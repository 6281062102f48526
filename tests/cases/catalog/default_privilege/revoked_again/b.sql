ALTER DEFAULT PRIVILEGES IN SCHEMA default_privilege_revoked_again GRANT SELECT ON TABLES TO headworks_case_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA default_privilege_revoked_again REVOKE SELECT ON TABLES FROM headworks_case_reader;
