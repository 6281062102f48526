-- Columns of relations and attributes of composite types: pg_attribute
-- (https://www.postgresql.org/docs/current/catalog-pg-attribute.html), pg_attrdef, pg_sequence, pg_constraint.
-- In the order in which tables were made: two databases that the same migrations made give the same text, read once.
WITH relation AS MATERIALIZED (
    SELECT c.oid, c.relname, c.relkind, c.relpersistence, c.relispartition, n.nspname, i.parents
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN (
        SELECT h.inhrelid, array_agg(ARRAY[pn.nspname, p.relname]) AS parents
        FROM pg_inherits AS h
        JOIN pg_class AS p ON p.oid = h.inhparent
        JOIN pg_namespace AS pn ON pn.oid = p.relnamespace
        GROUP BY h.inhrelid
    ) AS i ON i.inhrelid = c.oid
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'c', 'f') AND c.relpersistence <> 't'
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (
            SELECT FROM pg_depend AS e
            WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
                AND (e.classid = 'pg_class'::regclass AND e.objid = c.oid
                    OR e.classid = 'pg_type'::regclass AND e.objid = c.reltype)
        )
),
owned AS (
    SELECT o.refobjid AS attrelid, o.refobjsubid AS attnum, o.deptype, sc.relname, sc.relpersistence, d.description, s.*
    FROM pg_class AS c
    JOIN pg_depend AS o
        ON o.refclassid = 'pg_class'::regclass AND o.refobjid = c.oid AND o.refobjsubid > 0
        AND o.classid = 'pg_class'::regclass AND o.objsubid = 0 AND o.deptype IN ('a', 'i')
    JOIN pg_sequence AS s ON s.seqrelid = o.objid
    JOIN pg_class AS sc ON sc.oid = o.objid
    LEFT JOIN pg_description AS d
        ON d.classoid = 'pg_class'::regclass AND d.objoid = o.objid AND d.objsubid = 0
    WHERE c.relpersistence <> 't'
)
SELECT
    c.nspname AS schema,
    c.relname AS "table",
    a.attname AS name,
    format_type(a.atttypid, a.atttypmod) AS type,
    NOT a.attnotnull AS nullable,
    -- What is unusual of a NOT NULL constraint (contype n since 18). Its name is not said when PostgreSQL makes up one
    -- like it (ChooseConstraintName in src/backend/catalog/pg_constraint.c: table_column_not_null with a number where
    -- that is taken, the longer of the two names cut until 63 bytes hold it all), nor when it is the parent's; an
    -- inherited one has a name of its own only on a partition that was attached.
    CASE
        WHEN k.oid IS NULL THEN '{}'
        WHEN k.conname = c.relname || '_' || a.attname || '_not_null'
            AND NOT k.connoinherit AND k.convalidated AND kd.description IS NULL THEN '{}'
        ELSE (
            SELECT array_remove(ARRAY[
                'comment=' || kd.description,
                CASE
                    WHEN NOT k.conislocal AND (NOT c.relispartition OR k.conname IN (
                        SELECT p.conname
                        FROM pg_inherits AS h
                        JOIN pg_constraint AS p ON p.conrelid = h.inhparent AND p.contype = 'n'
                        WHERE h.inhrelid = c.oid
                    )) THEN NULL
                    WHEN k.conname = concat(cut."table", '_', cut."column", '_not_null', made.number) THEN NULL
                    ELSE 'name=' || k.conname
                END,
                CASE WHEN k.connoinherit THEN 'no inherit' END,
                CASE WHEN NOT k.convalidated THEN 'not valid' END
            ], NULL)
            FROM (
                SELECT
                    coalesce(substring(k.conname FROM '_not_null((?:[1-9][0-9]*)?)$'), '') AS number,
                    octet_length(c.relname::text) AS "table",
                    octet_length(a.attname::text) AS "column"
                OFFSET 0 -- once, not in each place that uses it
            ) AS made
            CROSS JOIN LATERAL (SELECT 53 - length(made.number) AS both) AS room
            CROSS JOIN LATERAL (
                SELECT least(made."table", greatest(room.both - made."column", (room.both + 1) / 2)) AS "table"
            ) AS bytes
            CROSS JOIN LATERAL (
                SELECT
                    CASE WHEN made."table" <= bytes."table" THEN c.relname ELSE (
                        SELECT left(c.relname, size)
                        FROM generate_series(bytes."table", 0, -1) AS size
                        WHERE octet_length(left(c.relname, size)) <= bytes."table"
                        LIMIT 1
                    ) END AS "table",
                    CASE WHEN made."column" <= room.both - bytes."table" THEN a.attname ELSE (
                        SELECT left(a.attname, size)
                        FROM generate_series(room.both - bytes."table", 0, -1) AS size
                        WHERE octet_length(left(a.attname, size)) <= room.both - bytes."table"
                        LIMIT 1
                    ) END AS "column"
            ) AS cut
        )
    END AS not_null,
    -- A default names no column, and needs no relation to be opened for it; a generated column does.
    CASE WHEN a.attgenerated = '' THEN pg_get_expr(f.adbin, 0) END AS "default",
    pg_get_expr(CASE WHEN a.attgenerated <> '' THEN f.adbin END, f.adrelid)
        || CASE a.attgenerated WHEN 'v' THEN ' VIRTUAL' ELSE ' STORED' END AS generated,
    -- Since 17 a partition has the identity, and draws from the sequence, of its parent.
    CASE
        WHEN c.relispartition AND s.seqrelid IS NULL THEN NULL
        WHEN a.attidentity = 'a' THEN 'always'
        WHEN a.attidentity = 'd' THEN 'by default'
    END AS identity,
    -- Of the sequence of an identity or serial column what is not as PostgreSQL makes it by itself.
    CASE WHEN s.seqrelid IS NULL THEN '{}' ELSE array_remove(ARRAY[
        CASE WHEN s.seqcache <> 1 THEN 'cache=' || s.seqcache END,
        'comment=' || s.description,
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
        CASE WHEN s.deptype = 'i' AND s.relname <> c.relname || '_' || a.attname || '_seq'
            THEN 'name=' || s.relname
        END,
        CASE WHEN s.relpersistence <> c.relpersistence
            THEN 'persistence=' || CASE s.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END
        END,
        CASE WHEN s.seqstart <> CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END
            THEN 'start=' || s.seqstart
        END,
        CASE WHEN s.seqtypid <> a.atttypid THEN 'type=' || format_type(s.seqtypid, NULL) END
    ], NULL) END AS sequence,
    CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END AS collation,
    CASE WHEN a.attstorage <> t.typstorage THEN
        CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END
    END AS storage,
    CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
    -- Before 17 the default is -1, since then null.
    nullif(a.attstattarget, -1) AS statistics,
    CASE WHEN a.attoptions IS NULL THEN '{}' ELSE ARRAY(
        SELECT o FROM unnest(a.attoptions) AS o ORDER BY o COLLATE "C"
    ) END AS options,
    CASE WHEN a.attfdwoptions IS NULL THEN '{}' ELSE ARRAY(
        SELECT o FROM unnest(a.attfdwoptions) AS o ORDER BY o COLLATE "C"
    ) END AS fdw_options,
    CASE WHEN a.attinhcount = 0 OR a.attislocal THEN '{}' WHEN c.relispartition THEN c.parents ELSE ARRAY(
        SELECT ARRAY[pn.nspname, p.relname]
        FROM pg_inherits AS h
        JOIN pg_class AS p ON p.oid = h.inhparent
        JOIN pg_namespace AS pn ON pn.oid = p.relnamespace
        JOIN pg_attribute AS pa ON pa.attrelid = p.oid AND pa.attname = a.attname
        WHERE h.inhrelid = c.oid
        ORDER BY h.inhseqno
    ) END AS inherited_from,
    d.description AS comment
FROM relation AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef AS f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
-- The sequences of identity columns (deptype i), and of serial columns: owned by one whose default draws from them.
LEFT JOIN owned AS s ON s.attrelid = a.attrelid AND s.attnum = a.attnum AND (s.deptype = 'i' OR EXISTS (
    SELECT FROM pg_depend AS u
    WHERE u.classid = 'pg_attrdef'::regclass AND u.objid = f.oid
        AND u.refclassid = 'pg_class'::regclass AND u.refobjid = s.seqrelid
))
LEFT JOIN pg_constraint AS k ON k.contype = 'n' AND k.conrelid = a.attrelid AND k.conkey[1] = a.attnum
LEFT JOIN pg_description AS kd
    ON kd.classoid = 'pg_constraint'::regclass AND kd.objoid = k.oid AND kd.objsubid = 0
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = a.attnum
ORDER BY c.oid, a.attnum
