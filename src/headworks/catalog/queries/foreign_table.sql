-- Foreign tables: pg_foreign_table (https://www.postgresql.org/docs/current/catalog-pg-foreign-table.html), pg_class,
-- pg_inherits.
-- none unless: pg_foreign_table
SELECT
    n.nspname AS schema,
    c.relname AS name,
    ARRAY(
        SELECT a.attname
        FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY a.attnum
    ) AS column_order,
    s.srvname AS server,
    ARRAY(SELECT o FROM unnest(f.ftoptions) AS o ORDER BY o COLLATE "C") AS options,
    ARRAY(
        SELECT ARRAY[pn.nspname, p.relname]
        FROM pg_inherits AS h
        JOIN pg_class AS p ON p.oid = h.inhparent
        JOIN pg_namespace AS pn ON pn.oid = p.relnamespace
        WHERE h.inhrelid = c.oid
        ORDER BY h.inhseqno
    ) AS inherits,
    CASE WHEN c.relispartition THEN (
        SELECT CASE WHEN e.bound NOT LIKE 'FOR VALUES IN (%' THEN e.bound ELSE (
            -- In one order: see table.sql.
            SELECT 'FOR VALUES IN (' || string_agg(v[1], ', ' ORDER BY v[1] COLLATE "C") || ')'
            FROM regexp_matches(substr(e.bound, 16), '[^'', ()]*''(?:[^'']|'''')*''|[^'', ()]+', 'g') AS v
        ) END
        FROM (SELECT pg_get_expr(c.relpartbound, c.oid) OFFSET 0) AS e (bound)
    ) || CASE
        WHEN EXISTS (SELECT FROM pg_inherits AS h WHERE h.inhrelid = c.oid AND h.inhdetachpending)
        THEN ' DETACH PENDING' ELSE ''
    END END AS bound,
    d.description AS comment
FROM pg_foreign_table AS f
JOIN pg_class AS c ON c.oid = f.ftrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_foreign_server AS s ON s.oid = f.ftserver
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_class'::regclass AND e.objid = c.oid
    )
