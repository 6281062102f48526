CREATE FUNCTION f(x integer) RETURNS integer LANGUAGE sql  AS 'SELECT x';
COMMENT ON FUNCTION f(integer) IS 'the same';
