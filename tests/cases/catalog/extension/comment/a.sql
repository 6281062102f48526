-- alone, pg_dump cannot tell

