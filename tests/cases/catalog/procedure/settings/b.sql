CREATE PROCEDURE p(x integer) LANGUAGE sql SET work_mem = '1MB' AS 'SELECT x';
