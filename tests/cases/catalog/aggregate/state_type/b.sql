CREATE AGGREGATE a(integer) (SFUNC = int84pl, STYPE = bigint, INITCOND = '0');
