-- Schemas of publications: pg_publication_namespace
-- (https://www.postgresql.org/docs/current/catalog-pg-publication-namespace.html).
-- none unless: pg_publication_namespace
SELECT
    n.nspname AS schema,
    p.pubname AS name
FROM pg_publication_namespace AS r
JOIN pg_publication AS p ON p.oid = r.pnpubid
JOIN pg_namespace AS n ON n.oid = r.pnnspid
