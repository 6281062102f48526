-- Triggers: pg_trigger (https://www.postgresql.org/docs/current/catalog-pg-trigger.html; the bits of tgtype:
-- src/include/catalog/pg_trigger.h), a partition's copies of its parent's included. Those that enforce constraints are
-- seen in constraint.sql.
-- none unless: pg_trigger WHERE NOT tgisinternal
SELECT
    n.nspname AS schema,
    c.relname AS "table",
    g.tgname AS name,
    CASE WHEN g.tgtype & 64 <> 0 THEN 'instead of' WHEN g.tgtype & 2 <> 0 THEN 'before' ELSE 'after' END AS timing,
    array_remove(ARRAY[
        CASE WHEN g.tgtype & 4 <> 0 THEN 'insert' END,
        CASE WHEN g.tgtype & 8 <> 0 THEN 'delete' END,
        CASE WHEN g.tgtype & 16 <> 0 THEN 'update' END,
        CASE WHEN g.tgtype & 32 <> 0 THEN 'truncate' END
    ], NULL) AS events,
    CASE WHEN cardinality(g.tgattr::int2[]) = 0 THEN '{}' ELSE ARRAY(
        SELECT a.attname
        FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum = ANY (g.tgattr)
        ORDER BY a.attname
    ) END AS columns,
    CASE WHEN g.tgtype & 1 <> 0 THEN 'row' ELSE 'statement' END AS for_each,
    -- pg_get_expr cannot print OLD and NEW.
    CASE WHEN g.tgqual IS NOT NULL
        THEN substring(pg_get_triggerdef(g.oid) FROM ' WHEN \((.*)\) EXECUTE FUNCTION ')
    END AS "when",
    ARRAY[pn.nspname, p.proname] AS function,
    -- In tgargs each argument ends in a zero byte, which no text can hold.
    CASE WHEN g.tgnargs = 0 THEN '{}' ELSE ARRAY(
        SELECT convert_from(decode(u.argument, 'escape'), getdatabaseencoding())
        FROM unnest(string_to_array(encode(g.tgargs, 'escape'), '\000')) WITH ORDINALITY AS u (argument, position)
        WHERE u.position <= g.tgnargs
        ORDER BY u.position
    ) END AS arguments,
    g.tgoldtable AS old_table,
    g.tgnewtable AS new_table,
    CASE g.tgenabled
        WHEN 'A' THEN 'always' WHEN 'R' THEN 'replica' WHEN 'D' THEN 'disabled' ELSE 'origin'
    END AS enabled,
    g.tgconstraint <> 0 AS "constraint",
    CASE WHEN g.tgconstrrelid <> 0 THEN ARRAY[rn.nspname, rc.relname] END AS referenced_table,
    g.tgdeferrable AS deferrable,
    g.tginitdeferred AS initially_deferred,
    coalesce(extension.names, '{}') AS depends_on_extensions,
    CASE WHEN g.tgparentid <> 0 THEN (
        SELECT ARRAY[an.nspname, ac.relname, above.tgname]
        FROM pg_trigger AS above
        JOIN pg_class AS ac ON ac.oid = above.tgrelid
        JOIN pg_namespace AS an ON an.oid = ac.relnamespace
        WHERE above.oid = g.tgparentid
    ) END AS parent,
    d.description AS comment
FROM pg_trigger AS g
JOIN pg_class AS c ON c.oid = g.tgrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_proc AS p ON p.oid = g.tgfoid
JOIN pg_namespace AS pn ON pn.oid = p.pronamespace
LEFT JOIN pg_class AS rc ON rc.oid = g.tgconstrrelid
LEFT JOIN pg_namespace AS rn ON rn.oid = rc.relnamespace
LEFT JOIN (
    SELECT x.objid, array_agg(e.extname ORDER BY e.extname) AS names
    FROM pg_extension AS e
    JOIN pg_depend AS x ON x.refclassid = 'pg_extension'::regclass AND x.refobjid = e.oid
    WHERE x.classid = 'pg_trigger'::regclass AND x.deptype = 'x'
    GROUP BY x.objid
) AS extension ON extension.objid = g.oid
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_trigger'::regclass AND d.objoid = g.oid AND d.objsubid = 0
WHERE NOT g.tgisinternal
    AND c.relkind IN ('r', 'p', 'v', 'f') AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_class'::regclass AND e.objid = c.oid
    )
