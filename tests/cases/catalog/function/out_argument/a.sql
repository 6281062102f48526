CREATE FUNCTION f(OUT x integer, OUT y integer) LANGUAGE sql AS 'SELECT 1, 2';
