CREATE DOMAIN email AS text;
CREATE TABLE t (id integer PRIMARY KEY, a varchar(20) NOT NULL, b timestamptz NOT NULL, c text[], d text, e email, f bigint);
