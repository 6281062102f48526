-- Transforms: pg_transform (https://www.postgresql.org/docs/current/catalog-pg-transform.html).
-- none unless: pg_transform
SELECT
    -- ??? is printed for a type that was dropped meanwhile.
    nullif(format_type(t.trftype, NULL), '???') || ' LANGUAGE ' || quote_ident(l.lanname) AS name,
    nullif(t.trffromsql::oid, 0)::regprocedure::text AS from_sql,
    nullif(t.trftosql::oid, 0)::regprocedure::text AS to_sql,
    d.description AS comment
FROM pg_transform AS t
JOIN pg_language AS l ON l.oid = t.trflang
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_transform'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
        AND e.classid = 'pg_transform'::regclass AND e.objid = t.oid
)
