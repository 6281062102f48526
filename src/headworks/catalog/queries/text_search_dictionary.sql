-- Text search dictionaries: pg_ts_dict (https://www.postgresql.org/docs/current/catalog-pg-ts-dict.html).
-- none unless: pg_ts_dict WHERE dictnamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    t.dictname AS name,
    ARRAY[tn.nspname, tt.tmplname] AS template,
    t.dictinitoption AS options,
    d.description AS comment
FROM pg_ts_dict AS t
JOIN pg_namespace AS n ON n.oid = t.dictnamespace
JOIN pg_ts_template AS tt ON tt.oid = t.dicttemplate
JOIN pg_namespace AS tn ON tn.oid = tt.tmplnamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_ts_dict'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_ts_dict'::regclass AND e.objid = t.oid
    )
