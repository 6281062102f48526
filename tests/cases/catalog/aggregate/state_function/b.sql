CREATE AGGREGATE a(integer) (SFUNC = int4smaller, STYPE = integer);
