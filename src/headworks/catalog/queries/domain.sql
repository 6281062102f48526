-- Domains: pg_type (https://www.postgresql.org/docs/current/catalog-pg-type.html) and their checks in pg_constraint.
-- PostgreSQL 17 began to list a domain's NOT NULL in pg_constraint; here it is the domain's own property on every major.
SELECT
    n.nspname AS schema,
    t.typname AS name,
    format_type(t.typbasetype, t.typtypmod) AS type,
    NOT t.typnotnull AS nullable,
    t.typdefault AS "default",
    CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END AS collation,
    ARRAY(
        SELECT quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid)
        FROM pg_constraint AS k
        WHERE k.contypid = t.oid AND k.contype = 'c'
        ORDER BY k.conname COLLATE "C"
    ) AS constraints,
    d.description AS comment
FROM pg_type AS t
JOIN pg_namespace AS n ON n.oid = t.typnamespace
JOIN pg_type AS b ON b.oid = t.typbasetype
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE t.typtype = 'd'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_type'::regclass AND e.objid = t.oid
    )
