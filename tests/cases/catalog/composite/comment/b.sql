CREATE TYPE point3 AS (x integer, y integer);
COMMENT ON TYPE point3 IS 'in space';
