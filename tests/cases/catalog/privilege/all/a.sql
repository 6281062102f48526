-- PostgreSQL 17
CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
GRANT SELECT ON t TO headworks_case_reader;
