-- pg_dump may tell
CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
GRANT SELECT ON t TO headworks_case_reader;
GRANT INSERT ON t TO headworks_case_writer;
GRANT SELECT (email), SELECT (name) ON t TO PUBLIC;
