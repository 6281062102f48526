-- pg_dump may tell
CREATE FUNCTION f(x integer) RETURNS integer LANGUAGE sql SET work_mem = '1MB' SET search_path = public
    AS 'SELECT x';
