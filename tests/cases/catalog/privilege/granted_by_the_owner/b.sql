CREATE TABLE t (id int);
GRANT USAGE ON SCHEMA privilege_granted_by_the_owner TO headworks_case_writer;
GRANT SELECT ON t TO headworks_case_reader;
ALTER TABLE t OWNER TO headworks_case_writer;
