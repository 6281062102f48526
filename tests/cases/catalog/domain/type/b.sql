CREATE DOMAIN price AS numeric(12,2);
