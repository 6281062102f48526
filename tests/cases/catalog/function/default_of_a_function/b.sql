CREATE FUNCTION g() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(x integer DEFAULT function_default_of_a_function.g()) RETURNS integer LANGUAGE sql
    AS 'SELECT x';
