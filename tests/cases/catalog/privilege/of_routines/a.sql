CREATE FUNCTION f(integer, text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE p(date) LANGUAGE sql AS '';
CREATE AGGREGATE a(integer) (SFUNC = int4pl, STYPE = integer);
