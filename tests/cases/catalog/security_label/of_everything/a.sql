
-- No label provider comes with PostgreSQL's binaries (sepgsql needs SELinux), so that the catalog is written by hand.
CREATE TABLE t (id serial PRIMARY KEY, email text, name text);
CREATE VIEW v AS SELECT 1 AS a;
CREATE SEQUENCE s;
CREATE TYPE c AS (x integer);
CREATE TYPE e AS ENUM ('x');
CREATE DOMAIN d AS integer;
CREATE FUNCTION f(integer, text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p(date) LANGUAGE sql AS '';
CREATE AGGREGATE a(integer) (SFUNC = int4pl, STYPE = integer);
CREATE LANGUAGE security_label_of_everything HANDLER plpgsql_call_handler;
CREATE PUBLICATION security_label_of_everything;
CREATE FUNCTION et() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER security_label_of_everything ON ddl_command_end WHEN TAG IN ('CREATE CAST') EXECUTE FUNCTION et();

INSERT INTO pg_seclabel (classoid, objoid, objsubid, provider, label) VALUES
    ('pg_class'::regclass, 't'::regclass, 0, 'dummy', 'one'),
    ('pg_class'::regclass, 't'::regclass, 2, 'dummy', 'one'),
    ('pg_class'::regclass, 'v'::regclass, 0, 'dummy', 'one'),
    ('pg_class'::regclass, 's'::regclass, 0, 'dummy', 'one'),
    ('pg_type'::regclass, 'c'::regtype, 0, 'dummy', 'one'),
    ('pg_class'::regclass, 'c'::regclass, 1, 'dummy', 'one'),
    ('pg_type'::regclass, 't'::regtype, 0, 'dummy', 'one'),
    ('pg_type'::regclass, 'e'::regtype, 0, 'dummy', 'one'),
    ('pg_type'::regclass, 'd'::regtype, 0, 'dummy', 'one'),
    ('pg_proc'::regclass, 'f'::regproc, 0, 'dummy', 'one'),
    ('pg_proc'::regclass, 'p'::regproc, 0, 'dummy', 'one'),
    ('pg_proc'::regclass, 'a'::regproc, 0, 'dummy', 'one'),
    ('pg_namespace'::regclass, 'security_label_of_everything'::regnamespace, 0, 'dummy', 'one'),
    ('pg_language'::regclass, (SELECT oid FROM pg_language WHERE lanname = 'security_label_of_everything'), 0, 'dummy', 'one'),
    ('pg_publication'::regclass, (SELECT oid FROM pg_publication WHERE pubname = 'security_label_of_everything'), 0, 'dummy', 'one'),
    ('pg_event_trigger'::regclass, (SELECT oid FROM pg_event_trigger WHERE evtname = 'security_label_of_everything'), 0, 'dummy', 'one');
