CREATE FUNCTION f(citext text) RETURNS text LANGUAGE internal AS 'upper';
