CREATE FUNCTION f(x integer) RETURNS SETOF integer LANGUAGE sql SUPPORT generate_series_int4_support
    AS 'SELECT x';
