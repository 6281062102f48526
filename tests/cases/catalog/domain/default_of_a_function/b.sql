CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE DOMAIN d AS integer DEFAULT domain_default_of_a_function.f() + 1;
