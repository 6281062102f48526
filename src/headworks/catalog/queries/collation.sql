-- Collations: pg_collation (https://www.postgresql.org/docs/current/catalog-pg-collation.html). The version is left
-- out: it is the operating system's or ICU's.
-- none unless: pg_collation WHERE collnamespace <> ALL (system)
WITH before_17 AS (
    -- A name that pg_collation lacks on some major is looked up here instead: inner names win over outer ones.
    SELECT NULL AS colllocale, NULL AS colliculocale, NULL AS collicurules
)
SELECT
    n.nspname AS schema,
    c.collname AS name,
    CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' WHEN 'c' THEN 'libc' ELSE 'default' END AS provider,
    coalesce(c.colllocale, c.colliculocale) AS locale,
    c.collcollate AS lc_collate,
    c.collctype AS lc_ctype,
    c.collicurules AS rules,
    c.collisdeterministic AS deterministic,
    d.description AS comment
FROM before_17
CROSS JOIN LATERAL (
    SELECT
        oid, collname, collnamespace, collprovider, collisdeterministic, collcollate, collctype,
        colllocale, colliculocale, collicurules
    FROM pg_collation
) AS c
JOIN pg_namespace AS n ON n.oid = c.collnamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_collation'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_collation'::regclass AND e.objid = c.oid
    )
