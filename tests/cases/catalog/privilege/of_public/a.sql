CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
