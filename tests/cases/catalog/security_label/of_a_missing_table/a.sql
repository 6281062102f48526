
-- No label provider comes with PostgreSQL's binaries (sepgsql needs SELinux), so that the catalog is written by hand.
CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
INSERT INTO pg_seclabel (classoid, objoid, objsubid, provider, label)
VALUES ('pg_class'::regclass, 't'::regclass, 0, 'dummy', 'secret');
INSERT INTO pg_seclabel (classoid, objoid, objsubid, provider, label)
VALUES ('pg_class'::regclass, 't'::regclass, 2, 'dummy', 'x');
