CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
GRANT UPDATE, SELECT ON t TO headworks_case_reader;
