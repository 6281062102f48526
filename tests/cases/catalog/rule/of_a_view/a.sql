CREATE TABLE t (id integer, a text);
CREATE VIEW v AS SELECT t.id, u.a FROM t JOIN t AS u ON u.id = t.id;
