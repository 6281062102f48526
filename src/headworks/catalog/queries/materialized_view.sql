-- Materialized views: pg_class of relkind m (https://www.postgresql.org/docs/current/catalog-pg-class.html).
-- none unless: pg_class WHERE relkind = 'm' AND relnamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    c.relname AS name,
    ARRAY(
        SELECT a.attname
        FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
    ) AS column_order,
    ltrim(pg_get_viewdef(c.oid)) AS definition,
    CASE WHEN am.amname <> 'heap' THEN am.amname END AS access_method,
    CASE WHEN c.reltablespace <> 0 THEN (
        SELECT s.spcname FROM pg_tablespace AS s WHERE s.oid = c.reltablespace
    ) END AS tablespace,
    ARRAY(
        SELECT o FROM (
            SELECT unnest(c.reloptions) AS o
            UNION ALL
            SELECT 'toast.' || unnest(t.reloptions)
        ) AS options
        ORDER BY o COLLATE "C"
    ) AS storage_parameters,
    CASE c.relreplident
        WHEN 'f' THEN 'full'
        WHEN 'n' THEN 'nothing'
        WHEN 'i' THEN concat_ws(' ', 'index', (
            SELECT x.relname
            FROM pg_index AS i
            JOIN pg_class AS x ON x.oid = i.indexrelid
            WHERE i.indrelid = c.oid AND i.indisreplident
        ))
    END AS replica_identity,
    c.relispopulated AS populated,
    ARRAY(
        SELECT e.extname
        FROM pg_depend AS x
        JOIN pg_extension AS e ON e.oid = x.refobjid
        WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid
            AND x.refclassid = 'pg_extension'::regclass AND x.deptype = 'x'
        ORDER BY e.extname
    ) AS depends_on_extensions,
    d.description AS comment
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_am AS am ON am.oid = c.relam
LEFT JOIN pg_class AS t ON t.oid = c.reltoastrelid
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.relkind = 'm' AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_class'::regclass AND e.objid = c.oid
    )
