CREATE TABLE t (id integer PRIMARY KEY, a text, b integer NOT NULL);
CREATE VIEW v AS SELECT u.a, t.id FROM t JOIN t AS u ON u.id = t.b;
