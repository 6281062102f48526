CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION f() TO headworks_case_writer WITH GRANT OPTION;
GRANT USAGE ON SCHEMA privilege_of_routines_by_another TO headworks_case_writer;
SET ROLE headworks_case_writer;
GRANT EXECUTE ON FUNCTION f() TO headworks_case_reader;
RESET ROLE;
