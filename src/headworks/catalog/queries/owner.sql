-- Owners, where that is not the owner of the database: the owner columns of the catalogs
-- (https://www.postgresql.org/docs/current/catalogs.html). Not listed: what has the owner of something else (indexes,
-- row types, the sequences of identity and serial columns, the functions of a range type), and large objects, which are
-- data.
WITH owned AS (
    SELECT
        CASE c.relkind WHEN 'c' THEN 'pg_type'::regclass ELSE 'pg_class'::regclass END AS classid,
        CASE c.relkind WHEN 'c' THEN c.reltype ELSE c.oid END AS objid,
        CASE c.relkind
            WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
            WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite' ELSE 'table'
        END AS of,
        c.relnamespace AS namespace, c.relname::text AS name, c.relowner AS owner
    FROM pg_class AS c
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND c.relpersistence <> 't' AND c.oid >= 16384
        AND NOT (c.relkind = 'S' AND EXISTS (
            SELECT FROM pg_depend AS o
            WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.objsubid = 0
                AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0
                AND (o.deptype = 'i' OR o.deptype = 'a' AND EXISTS (
                    SELECT FROM pg_attrdef AS f
                    JOIN pg_depend AS u ON u.classid = 'pg_attrdef'::regclass AND u.objid = f.oid
                    WHERE f.adrelid = o.refobjid AND f.adnum = o.refobjsubid
                        AND u.refclassid = 'pg_class'::regclass AND u.refobjid = c.oid
                ))
        ))
    UNION ALL
    -- Whoever owns the database is what pg_database_owner, which `public` belongs to at first, means.
    SELECT 'pg_namespace'::regclass, oid, 'schema', 0, nspname, nspowner
    FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
        AND (nspname <> 'public' OR nspowner <> 'pg_database_owner'::regrole)
    UNION ALL
    SELECT
        'pg_proc'::regclass, p.oid,
        CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END,
        p.pronamespace, p.proname || '(' || oidvectortypes(p.proargtypes) || ')', p.proowner
    FROM pg_proc AS p
    WHERE p.oid >= 16384 AND NOT EXISTS (
        SELECT FROM pg_depend AS i
        WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i'
    )
    UNION ALL
    SELECT
        'pg_type'::regclass, oid,
        CASE typtype WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum' WHEN 'r' THEN 'range' ELSE 'base type' END,
        typnamespace, typname, typowner
    FROM pg_type
    WHERE oid >= 16384 AND (
        typtype IN ('d', 'e', 'r')
        -- An array type is a base type, too.
        OR (typtype = 'b' OR NOT typisdefined) AND typsubscript <> 'array_subscript_handler'::regproc
    )
    UNION ALL
    SELECT
        'pg_operator'::regclass, oid, 'operator', oprnamespace,
        oprname || '(' || CASE WHEN oprleft = 0 THEN 'NONE' ELSE nullif(format_type(oprleft, NULL), '???') END
            || ', ' || nullif(format_type(oprright, NULL), '???') || ')',
        oprowner
    FROM pg_operator
    WHERE oprcode <> 0 AND oid >= 16384
    UNION ALL
    SELECT
        'pg_opclass'::regclass, c.oid, 'operator class', c.opcnamespace,
        c.opcname || ' USING ' || quote_ident(a.amname), c.opcowner
    FROM pg_opclass AS c
    JOIN pg_am AS a ON a.oid = c.opcmethod
    WHERE c.oid >= 16384
    UNION ALL
    SELECT
        'pg_opfamily'::regclass, f.oid, 'operator family', f.opfnamespace,
        f.opfname || ' USING ' || quote_ident(a.amname), f.opfowner
    FROM pg_opfamily AS f
    JOIN pg_am AS a ON a.oid = f.opfmethod
    WHERE f.oid >= 16384
    UNION ALL
    SELECT 'pg_collation'::regclass, oid, 'collation', collnamespace, collname, collowner
    FROM pg_collation
    WHERE oid >= 16384
    UNION ALL
    SELECT 'pg_conversion'::regclass, oid, 'conversion', connamespace, conname, conowner
    FROM pg_conversion
    WHERE oid >= 16384
    UNION ALL
    SELECT 'pg_ts_config'::regclass, oid, 'text search configuration', cfgnamespace, cfgname, cfgowner
    FROM pg_ts_config
    WHERE oid >= 16384
    UNION ALL
    SELECT 'pg_ts_dict'::regclass, oid, 'text search dictionary', dictnamespace, dictname, dictowner
    FROM pg_ts_dict
    WHERE oid >= 16384
    UNION ALL
    SELECT 'pg_statistic_ext'::regclass, oid, 'statistics', stxnamespace, stxname, stxowner
    FROM pg_statistic_ext
    UNION ALL
    SELECT 'pg_language'::regclass, oid, 'language', 0, lanname, lanowner
    FROM pg_language
    WHERE oid >= 16384
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, oid, 'foreign data wrapper', 0, fdwname, fdwowner
    FROM pg_foreign_data_wrapper
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, oid, 'server', 0, srvname, srvowner
    FROM pg_foreign_server
    UNION ALL
    SELECT 'pg_event_trigger'::regclass, oid, 'event trigger', 0, evtname, evtowner
    FROM pg_event_trigger
    UNION ALL
    SELECT 'pg_publication'::regclass, oid, 'publication', 0, pubname, pubowner
    FROM pg_publication
    UNION ALL
    SELECT 'pg_subscription'::regclass, s.oid, 'subscription', 0, s.subname, s.subowner
    FROM pg_subscription AS s
    JOIN pg_database AS d ON d.oid = s.subdbid AND d.datname = current_database()
)
SELECT
    o.of,
    coalesce(n.nspname, '') AS schema,
    o.name,
    r.rolname AS role
FROM owned AS o
JOIN pg_roles AS r ON r.oid = o.owner
LEFT JOIN pg_namespace AS n ON n.oid = o.namespace
WHERE o.owner <> (SELECT datdba FROM pg_database WHERE datname = current_database())
    AND (n.nspname IS NULL OR n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = o.classid AND e.objid = o.objid
    )
