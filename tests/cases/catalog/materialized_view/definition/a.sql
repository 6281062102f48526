CREATE TABLE t (id integer PRIMARY KEY, a text, b integer NOT NULL);
CREATE MATERIALIZED VIEW m AS SELECT t.id, u.a FROM t JOIN t AS u ON u.id = t.b;
