CREATE FUNCTION step(integer, anyelement) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION step(integer, integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE a(integer) (SFUNC = step, STYPE = integer);
