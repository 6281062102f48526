CREATE FUNCTION f(citext text) RETURNS text LANGUAGE c AS '$libdir/hstore', 'hstore_in';
