CREATE PROCEDURE p() LANGUAGE c AS '$libdir/hstore', 'hstore_in';
