CREATE COLLATION c (LOCALE = 'C');
UPDATE pg_collation SET collversion = '1.2' WHERE collnamespace = 'collation_version'::regnamespace;
