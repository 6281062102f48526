CREATE AGGREGATE a(integer) (SFUNC = int4pl, STYPE = integer);
CREATE AGGREGATE a(bigint) (SFUNC = int8pl, STYPE = bigint);
