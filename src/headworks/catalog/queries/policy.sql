-- Row-level security policies: pg_policy (https://www.postgresql.org/docs/current/catalog-pg-policy.html).
-- none unless: pg_policy
SELECT
    n.nspname AS schema,
    c.relname AS "table",
    p.polname AS name,
    p.polpermissive AS permissive,
    CASE p.polcmd
        WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all'
    END AS command,
    ARRAY(
        SELECT coalesce(r.rolname, 'PUBLIC')
        FROM unnest(p.polroles) AS u (oid)
        LEFT JOIN pg_roles AS r ON r.oid = u.oid
        ORDER BY r.rolname
    ) AS roles,
    pg_get_expr(p.polqual, p.polrelid) AS "using",
    pg_get_expr(p.polwithcheck, p.polrelid) AS with_check,
    d.description AS comment
FROM pg_policy AS p
JOIN pg_class AS c ON c.oid = p.polrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_policy'::regclass AND d.objoid = p.oid AND d.objsubid = 0
WHERE c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND (e.classid, e.objid) IN (('pg_class'::regclass, c.oid), ('pg_policy'::regclass, p.oid))
    )
