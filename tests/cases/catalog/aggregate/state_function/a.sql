CREATE AGGREGATE a(integer) (SFUNC = int4larger, STYPE = integer);
