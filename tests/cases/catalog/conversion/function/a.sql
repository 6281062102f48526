CREATE FUNCTION west(integer, integer, cstring, internal, integer, boolean) RETURNS integer LANGUAGE c STRICT
    AS '$libdir/utf8_and_iso8859_1', 'iso8859_1_to_utf8';
CREATE CONVERSION c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
