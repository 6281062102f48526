CREATE TYPE point3 AS (y integer, x integer);
