-- Indexes: pg_index (https://www.postgresql.org/docs/current/catalog-pg-index.html), pg_opclass. Those that back a primary
-- key, unique or exclusion constraint are the constraint's. A key is put together as pg_get_indexdef prints it: that
-- function prints collation, operator class and order only in the whole statement, which would have to be parsed.
WITH idx AS MATERIALIZED (
    -- Not i.*: the trees of expressions and predicates are long, and would be written to disk.
    SELECT
        i.indexrelid, i.indrelid, i.indkey, i.indclass, i.indcollation, i.indoption, i.indnkeyatts, i.indisunique,
        i.indnullsnotdistinct, i.indisvalid, i.indisclustered, pg_get_expr(i.indpred, i.indrelid) AS predicate,
        n.nspname, c.relname AS "table", x.relname, x.relam, x.relispartition, x.reltablespace, x.reloptions,
        am.amname
    FROM pg_index AS i
    JOIN pg_class AS x ON x.oid = i.indexrelid
    JOIN pg_am AS am ON am.oid = x.relam
    JOIN pg_class AS c ON c.oid = i.indrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        -- A primary key's and an exclusion constraint's say so; of the others only a unique one can back a constraint.
        AND NOT i.indisprimary AND NOT i.indisexclusion
        AND (NOT i.indisunique OR NOT EXISTS (
            SELECT FROM pg_constraint AS k
            WHERE k.conrelid = i.indrelid AND k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
        ))
        AND NOT EXISTS (
            SELECT FROM pg_depend AS e
            WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
                AND e.classid = 'pg_class'::regclass AND e.objid = c.oid
        )
),
part AS (
    -- For all indexes at once: a third of the time of doing it for each.
    SELECT
        i.indexrelid,
        array_agg(
            CASE WHEN u.attnum = 0 THEN pg_get_indexdef(i.indexrelid, xa.attnum, false)
                ELSE quote_ident(a.attname)
            END
            || CASE
                WHEN u.coll = 0 OR u.coll = coalesce(a.attcollation, t.typcollation) THEN ''
                WHEN stored.otherwise AND u.coll = '"default"'::regcollation THEN ''
                ELSE ' COLLATE ' || u.coll::regcollation
            END
            -- An operator class is not printed when it is the one that CREATE INDEX takes by itself (GetDefaultOpClass
            -- in src/backend/commands/indexcmds.c): that of the very type; failing that, that of the preferred type
            -- or of a pseudo-type that the type can stand in for.
            || CASE WHEN xa.attoptions IS NULL AND o.opcdefault AND (
                    o.opcintype = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
                    OR stored.otherwise
                    OR EXISTS (
                        SELECT FROM pg_type AS ot
                        WHERE ot.oid = o.opcintype AND (ot.typispreferred OR ot.typtype = 'p')
                    ) AND NOT EXISTS (
                        SELECT FROM pg_opclass AS own
                        WHERE own.opcmethod = i.relam AND own.opcdefault
                            AND own.opcintype = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
                    )
                ) THEN ''
                ELSE ' ' || CASE WHEN pg_opclass_is_visible(o.oid) THEN '' ELSE (
                    SELECT quote_ident(opn.nspname) || '.' FROM pg_namespace AS opn WHERE opn.oid = o.opcnamespace
                ) END || quote_ident(o.opcname)
            END
            || CASE WHEN xa.attoptions IS NULL THEN '' ELSE ' (' || (
                SELECT string_agg(v.name || '=' || CASE quote_ident(v.value)
                    WHEN v.value THEN v.value ELSE quote_literal(v.value)
                END, ', ' ORDER BY w.position)
                FROM unnest(xa.attoptions) WITH ORDINALITY AS w (option, position)
                CROSS JOIN LATERAL (
                    SELECT split_part(w.option, '=', 1), substr(w.option, strpos(w.option, '=') + 1)
                ) AS v (name, value)
            ) || ')' END
            || CASE WHEN u.opt = 0 OR NOT pg_indexam_has_property(i.relam, 'can_order') THEN ''
                WHEN u.opt & 3 = 3 THEN ' DESC'
                WHEN u.opt & 1 = 1 THEN ' DESC NULLS LAST'
                WHEN u.opt & 2 = 2 THEN ' NULLS FIRST'
                ELSE ''
            END
            ORDER BY xa.attnum
        ) FILTER (WHERE xa.attnum <= i.indnkeyatts) AS keys,
        array_agg(a.attname ORDER BY xa.attnum) FILTER (WHERE xa.attnum > i.indnkeyatts) AS include,
        array_agg(xa.attnum || '=' || xa.attstattarget ORDER BY xa.attnum) FILTER (WHERE xa.attstattarget >= 0)
            AS statistics
    FROM idx AS i
    JOIN pg_attribute AS xa ON xa.attrelid = i.indexrelid AND xa.attnum > 0
    CROSS JOIN LATERAL (
        SELECT
            i.indkey[xa.attnum - 1], i.indclass[xa.attnum - 1], i.indcollation[xa.attnum - 1],
            i.indoption[xa.attnum - 1]
    ) AS u (attnum, opclass, coll, opt)
    LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.attnum AND a.attnum > 0
    LEFT JOIN pg_type AS t ON t.oid = coalesce(a.atttypid, xa.atttypid)
    LEFT JOIN pg_opclass AS o ON o.oid = u.opclass
    CROSS JOIN LATERAL (
        SELECT u.attnum = 0 AND (o.opckeytype <> 0 OR i.amname = 'hash')
    ) AS stored (otherwise)
    GROUP BY i.indexrelid
)
SELECT
    i.nspname AS schema,
    i."table",
    i.relname AS name,
    i.amname AS method,
    part.keys,
    coalesce(part.include, '{}') AS include,
    i.predicate AS "where",
    i.indisunique AS "unique",
    i.indnullsnotdistinct AS nulls_not_distinct,
    i.indisvalid AS valid,
    CASE WHEN i.reltablespace <> 0 THEN (
        SELECT s.spcname FROM pg_tablespace AS s WHERE s.oid = i.reltablespace
    ) END AS tablespace,
    CASE WHEN i.reloptions IS NULL THEN '{}' ELSE ARRAY(
        SELECT o FROM unnest(i.reloptions) AS o ORDER BY o COLLATE "C"
    ) END AS storage_parameters,
    coalesce(part.statistics, '{}') AS statistics,
    i.indisclustered AS clustered,
    coalesce(extension.names, '{}') AS depends_on_extensions,
    CASE WHEN i.relispartition THEN (
        SELECT ARRAY[pn.nspname, pc.relname, p.relname]
        FROM pg_inherits AS h
        JOIN pg_class AS p ON p.oid = h.inhparent
        JOIN pg_index AS pi ON pi.indexrelid = p.oid
        JOIN pg_class AS pc ON pc.oid = pi.indrelid
        JOIN pg_namespace AS pn ON pn.oid = pc.relnamespace
        WHERE h.inhrelid = i.indexrelid
    ) END AS parent,
    d.description AS comment
FROM idx AS i
JOIN part ON part.indexrelid = i.indexrelid
LEFT JOIN (
    SELECT e.objid, array_agg(s.extname ORDER BY s.extname) AS names
    FROM pg_extension AS s
    JOIN pg_depend AS e ON e.refclassid = 'pg_extension'::regclass AND e.refobjid = s.oid
    WHERE e.classid = 'pg_class'::regclass AND e.deptype = 'x'
    GROUP BY e.objid
) AS extension ON extension.objid = i.indexrelid
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = i.indexrelid AND d.objsubid = 0
