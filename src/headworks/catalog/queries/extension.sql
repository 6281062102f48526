-- Extensions: pg_extension (https://www.postgresql.org/docs/current/catalog-pg-extension.html); what the server would
-- install: pg_available_extensions (https://www.postgresql.org/docs/current/view-pg-available-extensions.html).
SELECT
    x.extname AS name,
    n.nspname AS schema,
    CASE WHEN x.extversion IS DISTINCT FROM v.default_version THEN x.extversion END AS version,
    d.description AS comment
FROM pg_extension AS x
JOIN pg_namespace AS n ON n.oid = x.extnamespace
LEFT JOIN pg_available_extensions AS v ON v.name = x.extname
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_extension'::regclass AND d.objoid = x.oid AND d.objsubid = 0
