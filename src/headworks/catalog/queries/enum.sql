-- Enum types: pg_type, pg_enum (https://www.postgresql.org/docs/current/catalog-pg-enum.html).
-- none unless: pg_type WHERE typtype = 'e' AND typnamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    t.typname AS name,
    coalesce(array_agg(e.enumlabel ORDER BY e.enumsortorder) FILTER (WHERE e.oid IS NOT NULL), '{}') AS values,
    d.description AS comment
FROM pg_type AS t
JOIN pg_namespace AS n ON n.oid = t.typnamespace
LEFT JOIN pg_enum AS e ON e.enumtypid = t.oid
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE t.typtype = 'e'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_type'::regclass AND e.objid = t.oid
    )
GROUP BY n.nspname, t.typname, d.description
