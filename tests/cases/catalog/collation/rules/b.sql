CREATE COLLATION c (LOCALE = 'C');
-- Only ICU has it, which not every server is built with.
UPDATE pg_collation SET (collprovider, collcollate, collctype, colllocale) = ('i', NULL, NULL,
    'und') WHERE collnamespace = 'collation_rules'::regnamespace;
UPDATE pg_collation SET collicurules = '& V << w' WHERE collnamespace = 'collation_rules'::regnamespace;
