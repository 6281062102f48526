CREATE TYPE span AS RANGE (subtype = integer);
CREATE FUNCTION f(x integer) RETURNS integer LANGUAGE sql  AS 'SELECT x';
