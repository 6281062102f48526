CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
GRANT SELECT, INSERT ON t TO headworks_case_reader;
