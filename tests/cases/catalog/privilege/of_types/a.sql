CREATE DOMAIN d AS integer[];
CREATE TYPE e AS ENUM ();
CREATE TYPE r AS RANGE (subtype = integer);
CREATE TYPE c AS (a integer);
CREATE TYPE base;
CREATE FUNCTION base_in(cstring) RETURNS base LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION base_out(base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE base (INPUT = base_in, OUTPUT = base_out);
