CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
GRANT SELECT ON t TO headworks_case_writer WITH GRANT OPTION;
GRANT USAGE ON SCHEMA privilege_granted_by_another TO headworks_case_writer;
GRANT SELECT ON t TO headworks_case_reader;
