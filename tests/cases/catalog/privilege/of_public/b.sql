CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
GRANT SELECT ON t TO PUBLIC;
