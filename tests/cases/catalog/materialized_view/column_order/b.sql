CREATE TABLE t (id integer PRIMARY KEY, a text, b integer NOT NULL);
CREATE MATERIALIZED VIEW m AS SELECT u.a, t.id FROM t JOIN t AS u ON u.id = t.b;
