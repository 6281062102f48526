-- Default privileges: pg_default_acl (https://www.postgresql.org/docs/current/catalog-pg-default-acl.html), by role,
-- schema, sort of objects and grantee. Without a schema they stand instead of acldefault(), in one they are added.
-- Who granted is nothing to say here: it is always that role (SetDefaultACL in src/backend/catalog/aclchk.c).
-- none unless: pg_default_acl
WITH entry AS (
    SELECT
        d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype, e.actual,
        CASE
            WHEN e.grantee = 0 THEN 'PUBLIC'
            WHEN e.grantee = d.defaclrole THEN 'OWNER'
            -- Nobody calls a role like our words for grantees; if so, it has quotes.
            WHEN r.rolname IN ('PUBLIC', 'OWNER') THEN quote_ident(r.rolname)
            ELSE r.rolname
        END AS grantee,
        e.privilege_type || CASE WHEN bool_or(e.is_grantable) THEN ' WITH GRANT OPTION' ELSE '' END AS word
    FROM pg_default_acl AS d
    CROSS JOIN LATERAL (
        SELECT true AS actual, a.* FROM aclexplode(d.defaclacl) AS a
        UNION ALL
        SELECT false, a.*
        FROM aclexplode(acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole)) AS a
        WHERE d.defaclnamespace = 0
    ) AS e
    LEFT JOIN pg_roles AS r ON r.oid = e.grantee
    GROUP BY 1, 2, 3, 4, 5, 6, e.privilege_type
),
part AS (
    SELECT
        defaclrole, defaclnamespace, defaclobjtype, grantee AS name,
        coalesce(array_agg(word ORDER BY word COLLATE "C") FILTER (WHERE NOT actual), '{}') AS initial,
        coalesce(array_agg(word ORDER BY word COLLATE "C") FILTER (WHERE actual), '{}') AS grants
    FROM entry
    WHERE grantee IS NOT NULL
    GROUP BY 1, 2, 3, 4
)
SELECT
    CASE p.defaclobjtype
        WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types'
        WHEN 'n' THEN 'schemas' ELSE 'large objects'
    END AS of,
    CASE WHEN b.datdba IS NULL THEN r.rolname ELSE 'OWNER' END AS role,
    coalesce(n.nspname, '') AS schema,
    p.name,
    p.initial,
    p.grants
FROM part AS p
JOIN pg_roles AS r ON r.oid = p.defaclrole
LEFT JOIN pg_namespace AS n ON n.oid = p.defaclnamespace
LEFT JOIN pg_database AS b ON b.datname = current_database() AND b.datdba = p.defaclrole
WHERE p.initial <> p.grants
