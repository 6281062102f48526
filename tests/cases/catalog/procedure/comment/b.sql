CREATE PROCEDURE p(x integer) LANGUAGE sql  AS 'SELECT x';
COMMENT ON PROCEDURE p(integer) IS 'nothing';
