CREATE TABLE t (id int);
GRANT USAGE ON SCHEMA privilege_granted_by_another_owner TO headworks_case_writer;
ALTER TABLE t OWNER TO headworks_case_writer;
SET ROLE headworks_case_writer;
GRANT SELECT ON t TO headworks_case_reader;
RESET ROLE;
