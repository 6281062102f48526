CREATE FUNCTION step(bigint, VARIADIC integer[]) RETURNS bigint LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE a(VARIADIC integer[]) (SFUNC = step, STYPE = bigint);
