CREATE FUNCTION step(integer, double precision, anyelement) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE a(double precision, anyelement) (SFUNC = step, STYPE = integer);
