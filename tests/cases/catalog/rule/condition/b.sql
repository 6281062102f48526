CREATE TABLE t (id integer, a text);
CREATE RULE r AS ON UPDATE TO t WHERE new.a <> ' DO INSTEAD ' DO ALSO INSERT INTO t VALUES (old.id, ' WHERE ');
