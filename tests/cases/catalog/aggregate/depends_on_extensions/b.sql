CREATE AGGREGATE g(integer) (SFUNC = int4pl, STYPE = integer);
ALTER FUNCTION g(integer) DEPENDS ON EXTENSION plpgsql;
