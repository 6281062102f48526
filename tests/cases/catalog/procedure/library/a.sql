CREATE PROCEDURE p() LANGUAGE internal AS 'pg_backend_pid';
