CREATE DOMAIN d AS numeric(10, 3);
