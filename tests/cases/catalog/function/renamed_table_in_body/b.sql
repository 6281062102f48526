CREATE TABLE v (a integer, b text);
CREATE TABLE u (a integer, c text);
CREATE FUNCTION f() RETURNS bigint RETURN (SELECT count(*) FROM v);
ALTER TABLE v RENAME TO t;
