-- Schemas: pg_namespace (https://www.postgresql.org/docs/current/catalog-pg-namespace.html).
SELECT
    n.nspname AS name,
    d.description AS comment
FROM pg_namespace AS n
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_namespace'::regclass AND e.objid = n.oid
    )
