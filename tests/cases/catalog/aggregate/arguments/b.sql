CREATE AGGREGATE a(y integer) (SFUNC = int4pl, STYPE = integer);
