-- Checks of domains: pg_constraint (https://www.postgresql.org/docs/current/catalog-pg-constraint.html).
-- none unless: pg_type WHERE typtype = 'd' AND typnamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    t.typname AS domain,
    k.conname AS name,
    pg_get_expr(k.conbin, 0) AS expression,
    k.convalidated AS validated,
    d.description AS comment
FROM pg_constraint AS k
JOIN pg_type AS t ON t.oid = k.contypid
JOIN pg_namespace AS n ON n.oid = t.typnamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid AND d.objsubid = 0
WHERE k.contype = 'c' AND k.contypid <> 0
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_type'::regclass AND e.objid = t.oid
    )
