CREATE AGGREGATE a(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
