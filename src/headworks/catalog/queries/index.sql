-- Indexes: pg_index (https://www.postgresql.org/docs/current/catalog-pg-index.html), pg_opclass. Those that back a primary
-- key, unique or exclusion constraint are the constraint's. A key is put together as pg_get_indexdef prints it: that
-- function prints collation, operator class and order only in the whole statement, which would have to be parsed.
WITH idx AS (
    SELECT i.indexrelid, i.indrelid, i.indnkeyatts, i.indkey, i.indclass, i.indcollation, i.indoption, x.relam
    FROM pg_index AS i
    JOIN pg_class AS x ON x.oid = i.indexrelid
    JOIN pg_class AS c ON c.oid = i.indrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (
            SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
        )
        AND NOT EXISTS (
            SELECT FROM pg_depend AS e
            WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
                AND e.classid = 'pg_class'::regclass AND e.objid = c.oid
        )
),
part AS (
    SELECT
        idx.indexrelid,
        array_agg(
            CASE WHEN u.attnum = 0 THEN pg_get_indexdef(idx.indexrelid, u.position::integer, false)
                ELSE quote_ident(a.attname)
            END
            || CASE WHEN u.coll = 0 OR u.coll = coalesce(a.attcollation, xt.typcollation) THEN ''
                ELSE ' COLLATE ' || u.coll::regcollation
            END
            -- An operator class is not printed when it is the one that CREATE INDEX takes by itself (GetDefaultOpClass
            -- in src/backend/commands/indexcmds.c): that of the very type; failing that, that of the preferred type
            -- or of a pseudo-type that the type can stand in for.
            || CASE WHEN xa.attoptions IS NULL AND o.opcdefault AND (
                    u.attnum = 0 OR own.oid = o.oid
                    OR own.oid IS NULL AND (ot.typispreferred OR ot.typtype = 'p')
                ) THEN ''
                ELSE ' ' || CASE WHEN pg_opclass_is_visible(o.oid) THEN '' ELSE quote_ident(opn.nspname) || '.' END
                    || quote_ident(o.opcname)
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
            || CASE WHEN NOT am_order.can THEN ''
                WHEN u.opt & 3 = 3 THEN ' DESC'
                WHEN u.opt & 1 = 1 THEN ' DESC NULLS LAST'
                WHEN u.opt & 2 = 2 THEN ' NULLS FIRST'
                ELSE ''
            END
            ORDER BY u.position
        ) FILTER (WHERE u.position <= idx.indnkeyatts) AS keys,
        array_agg(a.attname ORDER BY u.position) FILTER (WHERE u.position > idx.indnkeyatts) AS include
    FROM idx
    CROSS JOIN unnest(idx.indkey::int2[], idx.indclass::oid[], idx.indcollation::oid[], idx.indoption::int2[])
        WITH ORDINALITY AS u (attnum, opclass, coll, opt, position)
    JOIN (
        SELECT oid, pg_indexam_has_property(oid, 'can_order') AS can FROM pg_am WHERE amtype = 'i'
    ) AS am_order ON am_order.oid = idx.relam
    JOIN pg_attribute AS xa ON xa.attrelid = idx.indexrelid AND xa.attnum = u.position
    JOIN pg_type AS xt ON xt.oid = xa.atttypid
    LEFT JOIN pg_attribute AS a ON a.attrelid = idx.indrelid AND a.attnum = u.attnum AND u.attnum <> 0
    LEFT JOIN pg_type AS t ON t.oid = a.atttypid
    LEFT JOIN pg_opclass AS o ON o.oid = u.opclass
    LEFT JOIN pg_namespace AS opn ON opn.oid = o.opcnamespace
    LEFT JOIN pg_type AS ot ON ot.oid = o.opcintype
    LEFT JOIN pg_opclass AS own
        ON own.opcmethod = idx.relam AND own.opcdefault
        AND own.opcintype = CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END
    GROUP BY idx.indexrelid
)
SELECT
    n.nspname AS schema,
    c.relname AS "table",
    x.relname AS name,
    am.amname AS method,
    part.keys,
    coalesce(part.include, '{}') AS include,
    pg_get_expr(i.indpred, i.indrelid) AS "where",
    i.indisunique AS "unique",
    i.indnullsnotdistinct AS nulls_not_distinct,
    i.indisvalid AS valid,
    CASE WHEN x.reloptions IS NULL THEN '{}' ELSE ARRAY(
        SELECT o FROM unnest(x.reloptions) AS o ORDER BY o COLLATE "C"
    ) END AS storage_parameters,
    CASE WHEN x.relispartition THEN (
        SELECT ARRAY[pn.nspname, pc.relname, p.relname]
        FROM pg_inherits AS h
        JOIN pg_class AS p ON p.oid = h.inhparent
        JOIN pg_index AS pi ON pi.indexrelid = p.oid
        JOIN pg_class AS pc ON pc.oid = pi.indrelid
        JOIN pg_namespace AS pn ON pn.oid = pc.relnamespace
        WHERE h.inhrelid = x.oid
    ) END AS parent,
    d.description AS comment
FROM part
JOIN pg_index AS i ON i.indexrelid = part.indexrelid
JOIN pg_class AS x ON x.oid = i.indexrelid
JOIN pg_am AS am ON am.oid = x.relam
JOIN pg_class AS c ON c.oid = i.indrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = x.oid AND d.objsubid = 0
