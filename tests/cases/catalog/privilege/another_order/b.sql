CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
GRANT SELECT (name) ON t TO PUBLIC;
GRANT INSERT, DELETE ON t TO headworks_case_writer;
GRANT SELECT ON t TO headworks_case_reader;
REVOKE DELETE ON t FROM headworks_case_writer;
GRANT SELECT (email) ON t TO PUBLIC;
