CREATE FUNCTION f(x integer) RETURNS integer RETURN x + 1;
