CREATE DOMAIN price AS numeric(10,2);
