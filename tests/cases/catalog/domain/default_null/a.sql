-- pg_dump may tell
CREATE DOMAIN d AS integer;
