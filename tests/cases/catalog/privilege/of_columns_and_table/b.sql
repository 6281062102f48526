CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
GRANT INSERT ON t TO headworks_case_reader;
GRANT SELECT (email, name) ON t TO headworks_case_reader;
GRANT SELECT (id) ON t TO CURRENT_USER;
