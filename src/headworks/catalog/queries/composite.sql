-- Composite types: pg_class of relkind c (https://www.postgresql.org/docs/current/catalog-pg-class.html).
-- none unless: pg_class WHERE relkind = 'c' AND relnamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    c.relname AS name,
    ARRAY(
        SELECT a.attname
        FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
    ) AS column_order,
    d.description AS comment
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_type'::regclass AND d.objoid = c.reltype AND d.objsubid = 0
WHERE c.relkind = 'c'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_type'::regclass AND e.objid = c.reltype
    )
