CREATE FUNCTION f(x integer) RETURNS integer LANGUAGE sql SET search_path = public SET work_mem = '1MB'
    AS 'SELECT x';
