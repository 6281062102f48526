CREATE TABLE t (id integer, a text);
CREATE RULE r AS ON DELETE TO t DO ALSO NOTIFY things;
