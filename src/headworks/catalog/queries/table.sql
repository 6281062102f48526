-- Tables, partitioned tables and partitions: pg_class (https://www.postgresql.org/docs/current/catalog-pg-class.html),
-- pg_inherits, pg_am, pg_tablespace.
SELECT
    n.nspname AS schema,
    c.relname AS name,
    ARRAY(
        SELECT a.attname
        FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
    ) AS column_order,
    CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END AS persistence,
    -- A partitioned table has none unless somebody says what its partitions shall have (since 17).
    CASE WHEN am.amname <> 'heap' OR c.relkind = 'p' THEN am.amname END AS access_method,
    CASE WHEN c.reltablespace <> 0 THEN (
        SELECT s.spcname FROM pg_tablespace AS s WHERE s.oid = c.reltablespace
    ) END AS tablespace,
    CASE WHEN c.reloptions IS NULL AND t.reloptions IS NULL THEN '{}' ELSE ARRAY(
        SELECT o FROM (
            SELECT unnest(c.reloptions) AS o
            UNION ALL
            SELECT 'toast.' || unnest(t.reloptions)
        ) AS options
        ORDER BY o COLLATE "C"
    ) END AS storage_parameters,
    c.relrowsecurity AS row_security,
    c.relforcerowsecurity AS force_row_security,
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
    CASE WHEN c.reloftype <> 0 THEN (
        SELECT ARRAY[tn.nspname, ty.typname]
        FROM pg_type AS ty
        JOIN pg_namespace AS tn ON tn.oid = ty.typnamespace
        WHERE ty.oid = c.reloftype
    ) END AS of_type,
    coalesce(i.parents, '{}') AS inherits,
    CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
    CASE WHEN c.relispartition THEN (
        SELECT CASE WHEN e.bound NOT LIKE 'FOR VALUES IN (%' THEN e.bound ELSE (
            -- Constants, without types (get_const_expr in src/backend/utils/adt/ruleutils.c): a word, or a text in which
            -- each quote is two. Their order means nothing.
            SELECT 'FOR VALUES IN (' || string_agg(v[1], ', ' ORDER BY v[1] COLLATE "C") || ')'
            FROM regexp_matches(substr(e.bound, 16), '[^'', ()]*''(?:[^'']|'''')*''|[^'', ()]+', 'g') AS v
        ) END
        FROM (SELECT pg_get_expr(c.relpartbound, c.oid) OFFSET 0) AS e (bound)
    ) || CASE WHEN i.pending THEN ' DETACH PENDING' ELSE '' END END AS bound,
    d.description AS comment
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_am AS am ON am.oid = c.relam
LEFT JOIN pg_class AS t ON t.oid = c.reltoastrelid
LEFT JOIN (
    SELECT
        h.inhrelid,
        array_agg(ARRAY[pn.nspname, p.relname] ORDER BY h.inhseqno) AS parents,
        bool_or(h.inhdetachpending) AS pending
    FROM pg_inherits AS h
    JOIN pg_class AS p ON p.oid = h.inhparent
    JOIN pg_namespace AS pn ON pn.oid = p.relnamespace
    GROUP BY h.inhrelid
) AS i ON i.inhrelid = c.oid
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_class'::regclass AND e.objid = c.oid
    )
