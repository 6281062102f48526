-- Text search templates: pg_ts_template (https://www.postgresql.org/docs/current/catalog-pg-ts-template.html).
-- none unless: pg_ts_template WHERE tmplnamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    t.tmplname AS name,
    nullif(t.tmplinit::oid, 0)::regprocedure::text AS init,
    t.tmpllexize::regprocedure::text AS lexize,
    d.description AS comment
FROM pg_ts_template AS t
JOIN pg_namespace AS n ON n.oid = t.tmplnamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_ts_template'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_ts_template'::regclass AND e.objid = t.oid
    )
