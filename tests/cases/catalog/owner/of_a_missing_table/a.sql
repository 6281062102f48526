CREATE TABLE t (id serial);
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER TABLE t OWNER TO headworks_case_writer;
ALTER FUNCTION f() OWNER TO headworks_case_writer;
