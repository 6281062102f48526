-- Access methods: pg_am (https://www.postgresql.org/docs/current/catalog-pg-am.html).
-- none unless: pg_am WHERE oid >= 16384
SELECT
    a.amname AS name,
    CASE a.amtype WHEN 't' THEN 'table' ELSE 'index' END AS type,
    a.amhandler::oid::regprocedure::text AS handler,
    d.description AS comment
FROM pg_am AS a
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_am'::regclass AND d.objoid = a.oid AND d.objsubid = 0
WHERE a.oid >= 16384 AND NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
        AND e.classid = 'pg_am'::regclass AND e.objid = a.oid
)
