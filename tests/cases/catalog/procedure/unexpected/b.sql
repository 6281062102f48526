CREATE PROCEDURE p(x integer, INOUT y text) LANGUAGE plpgsql AS 'BEGIN END';
