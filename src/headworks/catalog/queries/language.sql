-- Procedural languages: pg_language (https://www.postgresql.org/docs/current/catalog-pg-language.html).
-- none unless: pg_language WHERE oid >= 16384
SELECT
    l.lanname AS name,
    nullif(l.lanplcallfoid, 0)::regprocedure::text AS handler,
    nullif(l.laninline, 0)::regprocedure::text AS inline,
    nullif(l.lanvalidator, 0)::regprocedure::text AS validator,
    l.lanpltrusted AS trusted,
    d.description AS comment
FROM pg_language AS l
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_language'::regclass AND d.objoid = l.oid AND d.objsubid = 0
WHERE l.oid >= 16384 AND NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
        AND e.classid = 'pg_language'::regclass AND e.objid = l.oid
)
