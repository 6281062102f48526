CREATE TABLE t (id integer PRIMARY KEY, a text, b integer NOT NULL);
CREATE VIEW v AS SELECT t.id, t.a FROM t;
COMMENT ON VIEW v IS 'some';
