CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
GRANT SELECT (email) ON t TO headworks_case_reader WITH GRANT OPTION;
GRANT UPDATE (name) ON t TO headworks_case_reader;
