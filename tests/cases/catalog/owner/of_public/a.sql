-- alone, pg_dump may tell

