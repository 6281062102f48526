CREATE TABLE t (id integer PRIMARY KEY, a text, b integer NOT NULL);
CREATE MATERIALIZED VIEW m AS SELECT t.id, t.a FROM t;
