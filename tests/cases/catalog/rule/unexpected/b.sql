CREATE TABLE t (id integer, a text);
CREATE RULE "R WHERE ' DO x" AS ON INSERT TO t DO ALSO NOTIFY things;
