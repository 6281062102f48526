CREATE AGGREGATE a(x integer) (SFUNC = int4pl, STYPE = integer);
