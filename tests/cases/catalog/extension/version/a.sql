-- alone, pg_dump cannot tell
CREATE EXTENSION hstore;
