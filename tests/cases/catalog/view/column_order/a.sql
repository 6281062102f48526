CREATE TABLE t (id integer PRIMARY KEY, a text, b integer NOT NULL);
CREATE VIEW v AS SELECT t.id, u.a FROM t JOIN t AS u ON u.id = t.b;
