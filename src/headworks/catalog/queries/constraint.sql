-- Constraints of tables: pg_constraint (https://www.postgresql.org/docs/current/catalog-pg-constraint.html), and pg_index
-- for what a key's index adds, and pg_trigger. Left out: NOT NULL (contype n since 18: the column says it), constraint
-- triggers (contype t: see trigger.sql), what a partition or child merely inherits (a foreign key's parts, checks).
WITH before_18 AS (
    -- A name that pg_constraint lacks on an older major is looked up here instead: inner names win over outer ones.
    SELECT true AS conenforced, false AS conperiod
),
con AS MATERIALIZED (
    SELECT k.*, n.nspname, c.relname
    FROM before_18
    CROSS JOIN LATERAL (
        SELECT
            oid, conname, contype, conrelid, conindid, conparentid, confrelid, conkey, confkey, confmatchtype,
            confupdtype, confdeltype, confdelsetcols, condeferrable, condeferred, convalidated, connoinherit,
            conislocal, conbin, conenforced, conperiod
        FROM pg_constraint
    ) AS k
    JOIN pg_class AS c ON c.oid = k.conrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x')
        AND (k.contype <> 'c' OR k.conislocal)
        AND (k.contype <> 'f' OR k.conparentid = 0)
        AND c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (
            SELECT FROM pg_depend AS e
            WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
                AND e.classid = 'pg_class'::regclass AND e.objid = c.oid
        )
),
internal AS (
    -- Internal triggers that somebody switched (DISABLE TRIGGER ALL does), of the constraint and of its parts.
    WITH RECURSIVE switched AS (
        SELECT
            g.tgconstraint AS oid,
            CASE g.tgenabled WHEN 'A' THEN 'always' WHEN 'R' THEN 'replica' ELSE 'disabled' END
                || ' on ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS state
        FROM pg_trigger AS g
        JOIN pg_class AS c ON c.oid = g.tgrelid
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE g.tgisinternal AND g.tgenabled <> 'O' AND g.tgconstraint <> 0
        UNION
        SELECT k.conparentid, s.state
        FROM switched AS s
        JOIN pg_constraint AS k ON k.oid = s.oid
        WHERE k.conparentid <> 0
    )
    SELECT s.oid, array_agg(s.state ORDER BY s.state COLLATE "C") AS states FROM switched AS s GROUP BY s.oid
),
extension AS (
    SELECT x.objid, array_agg(e.extname ORDER BY e.extname) AS names
    FROM pg_extension AS e
    JOIN pg_depend AS x ON x.refclassid = 'pg_extension'::regclass AND x.refobjid = e.oid
    WHERE x.classid = 'pg_class'::regclass AND x.deptype = 'x'
    GROUP BY x.objid
)
SELECT
    con.nspname AS schema,
    con.relname AS "table",
    con.conname AS name,
    CASE con.contype
        WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign key' WHEN 'c' THEN 'check'
        ELSE 'exclusion'
    END AS type,
    -- Most keys have one column: for them a look at the catalog is enough.
    CASE
        WHEN con.contype NOT IN ('p', 'u', 'f') THEN '{}'
        WHEN cardinality(con.conkey) = 1 THEN ARRAY(
            SELECT a.attname FROM pg_attribute AS a WHERE a.attrelid = con.conrelid AND a.attnum = con.conkey[1]
        )
        ELSE ARRAY(
            SELECT a.attname
            FROM unnest(con.conkey) WITH ORDINALITY AS u (attnum, position)
            JOIN pg_attribute AS a ON a.attrelid = con.conrelid AND a.attnum = u.attnum
            ORDER BY u.position
        )
    END AS columns,
    CASE WHEN con.contype = 'c' THEN pg_get_expr(con.conbin, con.conrelid) END AS expression,
    -- Without the word EXCLUDE, and without what other columns say.
    CASE WHEN con.contype = 'x' THEN regexp_replace(
        substr(pg_get_constraintdef(con.oid), length('EXCLUDE ') + 1), '( DEFERRABLE)?( INITIALLY DEFERRED)?$', ''
    ) END AS exclusion,
    CASE WHEN con.contype = 'f' THEN ARRAY[fn.nspname, fc.relname] END AS referenced_table,
    CASE
        WHEN con.contype <> 'f' THEN '{}'
        WHEN cardinality(con.confkey) = 1 THEN ARRAY(
            SELECT a.attname FROM pg_attribute AS a WHERE a.attrelid = con.confrelid AND a.attnum = con.confkey[1]
        )
        ELSE ARRAY(
            SELECT a.attname
            FROM unnest(con.confkey) WITH ORDINALITY AS u (attnum, position)
            JOIN pg_attribute AS a ON a.attrelid = con.confrelid AND a.attnum = u.attnum
            ORDER BY u.position
        )
    END AS referenced_columns,
    CASE con.confmatchtype WHEN 'f' THEN 'full' WHEN 'p' THEN 'partial' ELSE 'simple' END AS match,
    CASE con.confupdtype
        WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default'
        ELSE 'no action'
    END AS on_update,
    CASE con.confdeltype
        WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null' WHEN 'd' THEN 'set default'
        ELSE 'no action'
    END AS on_delete,
    CASE WHEN con.confdelsetcols IS NULL THEN '{}' ELSE ARRAY(
        SELECT a.attname
        FROM pg_attribute AS a
        WHERE a.attrelid = con.conrelid AND a.attnum = ANY (con.confdelsetcols)
        ORDER BY a.attname
    ) END AS on_delete_columns,
    con.condeferrable AS deferrable,
    con.condeferred AS initially_deferred,
    con.convalidated AS validated,
    con.conenforced AS enforced,
    con.contype = 'c' AND con.connoinherit AS no_inherit,
    con.conperiod AS temporal,
    coalesce(internal.states, '{}') AS triggers,
    CASE WHEN i.indnatts > i.indnkeyatts THEN ARRAY(
        SELECT a.attname
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS u (attnum, position)
        JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.attnum
        WHERE u.position > i.indnkeyatts
        ORDER BY u.position
    ) ELSE '{}' END AS include,
    coalesce(i.indnullsnotdistinct, false) AS nulls_not_distinct,
    CASE WHEN ic.reltablespace <> 0 THEN (
        SELECT s.spcname FROM pg_tablespace AS s WHERE s.oid = ic.reltablespace
    ) END AS tablespace,
    -- pg_get_constraintdef prints those of an exclusion constraint.
    CASE WHEN con.contype = 'x' OR ic.reloptions IS NULL THEN '{}' ELSE ARRAY(
        SELECT o FROM unnest(ic.reloptions) AS o ORDER BY o COLLATE "C"
    ) END AS storage_parameters,
    -- Only an expression can have a statistics target of its own.
    CASE WHEN con.contype = 'x' THEN ARRAY(
        SELECT a.attnum || '=' || a.attstattarget
        FROM pg_attribute AS a
        WHERE a.attrelid = con.conindid AND a.attstattarget >= 0
        ORDER BY a.attnum
    ) ELSE '{}' END AS statistics,
    coalesce(i.indisclustered, false) AS clustered,
    coalesce(extension.names, '{}') AS depends_on_extensions,
    id.description AS index_comment,
    CASE WHEN con.conparentid <> 0 THEN (
        SELECT ARRAY[pn.nspname, pc.relname, p.conname]
        FROM pg_constraint AS p
        JOIN pg_class AS pc ON pc.oid = p.conrelid
        JOIN pg_namespace AS pn ON pn.oid = pc.relnamespace
        WHERE p.oid = con.conparentid
    ) END AS parent,
    d.description AS comment
FROM con
LEFT JOIN pg_class AS fc ON fc.oid = con.confrelid
LEFT JOIN pg_namespace AS fn ON fn.oid = fc.relnamespace
LEFT JOIN pg_index AS i ON i.indexrelid = con.conindid AND con.contype IN ('p', 'u', 'x')
LEFT JOIN pg_class AS ic ON ic.oid = i.indexrelid
LEFT JOIN internal ON internal.oid = con.oid
LEFT JOIN extension ON extension.objid = i.indexrelid
LEFT JOIN pg_description AS id
    ON id.classoid = 'pg_class'::regclass AND id.objoid = i.indexrelid AND id.objsubid = 0
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_constraint'::regclass AND d.objoid = con.oid AND d.objsubid = 0
