CREATE COLLATION c (LOCALE = 'C');
-- Only ICU has it, which not every server is built with.
UPDATE pg_collation SET collisdeterministic = false WHERE collnamespace = 'collation_deterministic'::regnamespace;
