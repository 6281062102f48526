-- alone
-- No label provider comes with PostgreSQL's binaries (sepgsql needs SELinux), so that the catalog is written by hand.

INSERT INTO pg_shseclabel (classoid, objoid, provider, label)
SELECT 'pg_database'::regclass, oid, 'dummy', 'one' FROM pg_database WHERE datname = current_database();
CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION p WITH (connect = false);
INSERT INTO pg_shseclabel (classoid, objoid, provider, label)
SELECT 'pg_subscription'::regclass, s.oid, 'dummy', 'one'
FROM pg_subscription AS s JOIN pg_database AS b ON b.oid = s.subdbid AND b.datname = current_database();
