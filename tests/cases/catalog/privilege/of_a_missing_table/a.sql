CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
GRANT SELECT ON t TO headworks_case_reader;
GRANT SELECT (email) ON t TO PUBLIC;
GRANT USAGE ON SEQUENCE t_id_seq TO headworks_case_reader;
REVOKE INSERT ON t FROM CURRENT_USER;
