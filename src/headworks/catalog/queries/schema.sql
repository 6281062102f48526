-- Schemas: pg_namespace (https://www.postgresql.org/docs/current/catalog-pg-namespace.html).
SELECT
    n.nspname AS name,
    -- initdb's own is nobody's word: after DROP SCHEMA public CASCADE and CREATE SCHEMA public it is not there.
    CASE WHEN n.nspname <> 'public' OR d.description <> 'standard public schema' THEN d.description END AS comment
FROM pg_namespace AS n
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_namespace'::regclass AND e.objid = n.oid
    )
