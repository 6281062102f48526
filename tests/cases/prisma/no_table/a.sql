CREATE TABLE a (id integer PRIMARY KEY);
CREATE VIEW v AS SELECT id AS x, 'y'::text AS y, 2 AS more FROM a;
