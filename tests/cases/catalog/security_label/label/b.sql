CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
INSERT INTO pg_seclabel (classoid, objoid, objsubid, provider, label)
VALUES ('pg_class'::regclass, 't'::regclass, 0, 'dummy', 'two');
