CREATE FUNCTION f() RETURNS bigint LANGUAGE internal AS 'window_row_number';
