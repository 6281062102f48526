CREATE TABLE t (id integer, a text);
CREATE RULE r AS ON UPDATE TO t WHERE old.id > 5 DO INSTEAD (INSERT INTO t VALUES (1, 'a;b'); UPDATE t SET a = E'\\''' WHERE t.id = new.id);
