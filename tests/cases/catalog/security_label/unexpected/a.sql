
-- No label provider comes with PostgreSQL's binaries (sepgsql needs SELinux), so that the catalog is written by hand.
CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
