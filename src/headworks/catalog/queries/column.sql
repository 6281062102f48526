-- Columns of relations and attributes of composite types: pg_attribute
-- (https://www.postgresql.org/docs/current/catalog-pg-attribute.html), pg_attrdef, pg_sequence.
WITH implicit AS (
    -- The sequences of identity columns (deptype i) and of serial columns (owned by the column whose default draws from
    -- them). What is as PostgreSQL makes it by itself is not said.
    SELECT
        o.refobjid AS attrelid,
        o.refobjsubid AS attnum,
        array_remove(ARRAY[
            CASE WHEN s.seqcache <> 1 THEN 'cache=' || s.seqcache END,
            'comment=' || d.description,
            CASE WHEN s.seqcycle THEN 'cycle=true' END,
            CASE WHEN s.seqincrement <> 1 THEN 'increment=' || s.seqincrement END,
            CASE WHEN s.seqmax <> CASE
                WHEN s.seqincrement < 0 THEN -1
                WHEN s.seqtypid = 'smallint'::regtype THEN 32767
                WHEN s.seqtypid = 'integer'::regtype THEN 2147483647
                ELSE 9223372036854775807
            END THEN 'maximum=' || s.seqmax END,
            CASE WHEN s.seqmin <> CASE
                WHEN s.seqincrement > 0 THEN 1
                WHEN s.seqtypid = 'smallint'::regtype THEN -32768
                WHEN s.seqtypid = 'integer'::regtype THEN -2147483648
                ELSE -9223372036854775808
            END THEN 'minimum=' || s.seqmin END,
            -- The default of a serial column says the name.
            CASE WHEN o.deptype = 'i' AND c.relname <> t.relname || '_' || a.attname || '_seq' THEN 'name=' || c.relname END,
            CASE WHEN c.relpersistence <> t.relpersistence
                THEN 'persistence=' || CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END
            END,
            CASE WHEN s.seqstart <> CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END
                THEN 'start=' || s.seqstart
            END,
            CASE WHEN s.seqtypid <> a.atttypid THEN 'type=' || format_type(s.seqtypid, NULL) END
        ], NULL) AS options
    FROM pg_sequence AS s
    JOIN pg_class AS c ON c.oid = s.seqrelid
    JOIN pg_depend AS o
        ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.objsubid = 0
        AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')
    JOIN pg_class AS t ON t.oid = o.refobjid
    JOIN pg_attribute AS a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
    LEFT JOIN pg_description AS d
        ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
    WHERE o.deptype = 'i' OR EXISTS (
        SELECT FROM pg_attrdef AS f
        JOIN pg_depend AS u ON u.classid = 'pg_attrdef'::regclass AND u.objid = f.oid
        WHERE f.adrelid = o.refobjid AND f.adnum = o.refobjsubid
            AND u.refclassid = 'pg_class'::regclass AND u.refobjid = c.oid
    )
)
SELECT
    n.nspname AS schema,
    c.relname AS "table",
    a.attname AS name,
    format_type(a.atttypid, a.atttypmod) AS type,
    NOT a.attnotnull AS nullable,
    CASE WHEN a.attgenerated = '' THEN pg_get_expr(f.adbin, f.adrelid) END AS "default",
    pg_get_expr(CASE WHEN a.attgenerated <> '' THEN f.adbin END, f.adrelid)
        || CASE a.attgenerated WHEN 'v' THEN ' VIRTUAL' ELSE ' STORED' END AS generated,
    CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,
    coalesce(s.options, '{}') AS sequence,
    CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END AS collation,
    CASE WHEN a.attinhcount > 0 AND NOT a.attislocal THEN ARRAY(
        SELECT ARRAY[pn.nspname, p.relname]
        FROM pg_inherits AS h
        JOIN pg_class AS p ON p.oid = h.inhparent
        JOIN pg_namespace AS pn ON pn.oid = p.relnamespace
        JOIN pg_attribute AS pa ON pa.attrelid = p.oid AND pa.attname = a.attname
        WHERE h.inhrelid = c.oid
        ORDER BY h.inhseqno
    ) ELSE '{}' END AS inherited_from,
    d.description AS comment
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef AS f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
LEFT JOIN implicit AS s ON s.attrelid = a.attrelid AND s.attnum = a.attnum
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = a.attnum
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'c') AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_class'::regclass AND e.objid = c.oid
    )
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_type'::regclass AND e.objid = c.reltype
    )
