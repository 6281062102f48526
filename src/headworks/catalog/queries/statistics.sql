-- Extended statistics: pg_statistic_ext (https://www.postgresql.org/docs/current/catalog-pg-statistic-ext.html).
-- PostgreSQL keeps the columns in the order of the table, whatever was written.
-- none unless: pg_statistic_ext
SELECT
    n.nspname AS schema,
    x.stxname AS name,
    ARRAY[cn.nspname, c.relname] AS relation,
    array_remove(ARRAY[
        CASE WHEN 'd' = ANY (x.stxkind) THEN 'ndistinct' END,
        CASE WHEN 'f' = ANY (x.stxkind) THEN 'dependencies' END,
        CASE WHEN 'm' = ANY (x.stxkind) THEN 'mcv' END
    ], NULL) AS kinds,
    ARRAY(
        SELECT a.attname
        FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum = ANY (x.stxkeys)
        ORDER BY a.attname
    ) AS columns,
    CASE WHEN 'e' = ANY (x.stxkind) THEN pg_get_statisticsobjdef_expressions(x.oid) ELSE '{}' END AS expressions,
    -- Before 17 the default is -1, since then null.
    nullif(x.stxstattarget, -1) AS target,
    d.description AS comment
FROM pg_statistic_ext AS x
JOIN pg_namespace AS n ON n.oid = x.stxnamespace
JOIN pg_class AS c ON c.oid = x.stxrelid
JOIN pg_namespace AS cn ON cn.oid = c.relnamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_statistic_ext'::regclass AND d.objoid = x.oid AND d.objsubid = 0
WHERE c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND (e.classid, e.objid) IN (('pg_class'::regclass, c.oid), ('pg_statistic_ext'::regclass, x.oid))
    )
