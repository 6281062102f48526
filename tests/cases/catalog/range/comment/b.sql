CREATE TYPE r AS RANGE (SUBTYPE = integer);
COMMENT ON TYPE r IS 'from and to';
