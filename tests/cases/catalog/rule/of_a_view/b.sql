CREATE TABLE t (id integer, a text);
CREATE VIEW v AS SELECT t.id, u.a FROM t JOIN t AS u ON u.id = t.id;
CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (new.id, new.a) RETURNING t.id, t.a;
