REVOKE ALL ON SCHEMA public FROM PUBLIC, pg_database_owner;
