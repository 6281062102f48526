-- Sequences: pg_sequence (https://www.postgresql.org/docs/current/catalog-pg-sequence.html); owners: pg_depend.
-- Those of identity columns (deptype i), and of serial columns (owned by the column whose default draws from them),
-- are parts of their column: see column.sql.
SELECT
    n.nspname AS schema,
    c.relname AS name,
    format_type(s.seqtypid, NULL) AS type,
    s.seqstart AS start,
    s.seqincrement AS increment,
    s.seqmin AS minimum,
    s.seqmax AS maximum,
    s.seqcycle AS cycle,
    s.seqcache AS cache,
    CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END AS persistence,
    CASE WHEN o.objid IS NOT NULL THEN ARRAY[t.relname, a.attname] END AS owned_by,
    d.description AS comment
FROM pg_sequence AS s
JOIN pg_class AS c ON c.oid = s.seqrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_depend AS o
    ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.objsubid = 0
    AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')
LEFT JOIN pg_class AS t ON t.oid = o.refobjid
LEFT JOIN pg_attribute AS a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.relpersistence <> 't' AND o.deptype IS DISTINCT FROM 'i'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_attrdef AS f
        JOIN pg_depend AS u ON u.classid = 'pg_attrdef'::regclass AND u.objid = f.oid
        WHERE f.adrelid = o.refobjid AND f.adnum = o.refobjsubid
            AND u.refclassid = 'pg_class'::regclass AND u.refobjid = c.oid
    )
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_class'::regclass AND e.objid = c.oid
    )
