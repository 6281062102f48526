-- Domains: pg_type (https://www.postgresql.org/docs/current/catalog-pg-type.html); their checks: domain_constraint.sql.
-- PostgreSQL 17 began to list NOT NULL in pg_constraint; pg_dump says its name if it is not <domain>_not_null.
-- none unless: pg_type WHERE typtype = 'd' AND typnamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    t.typname AS name,
    format_type(t.typbasetype, t.typtypmod) AS type,
    NOT t.typnotnull AS nullable,
    CASE WHEN k.conname <> t.typname || '_not_null' THEN k.conname END AS not_null_name,
    kd.description AS not_null_comment,
    -- typdefault is what a session printed for its own search path.
    pg_get_expr(t.typdefaultbin, 0) AS "default",
    CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END AS collation,
    d.description AS comment
FROM pg_type AS t
JOIN pg_namespace AS n ON n.oid = t.typnamespace
JOIN pg_type AS b ON b.oid = t.typbasetype
LEFT JOIN pg_constraint AS k ON k.contypid = t.oid AND k.contype = 'n'
LEFT JOIN pg_description AS kd
    ON kd.classoid = 'pg_constraint'::regclass AND kd.objoid = k.oid AND kd.objsubid = 0
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE t.typtype = 'd'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_type'::regclass AND e.objid = t.oid
    )
