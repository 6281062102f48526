-- Privileges: the ACL columns of the catalogs (https://www.postgresql.org/docs/current/ddl-priv.html), by object and
-- grantee, where they are not what they would be had nobody granted or revoked anything: acldefault(), or what initdb
-- and the scripts of extensions granted (https://www.postgresql.org/docs/current/catalog-pg-init-privs.html).
WITH object AS (
    SELECT
        'pg_class'::regclass AS classid, c.oid AS objid, 0 AS objsubid,
        CASE c.relkind
            WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
            WHEN 'S' THEN 'sequence' ELSE 'table'
        END AS of,
        c.relnamespace AS namespace, c.relname::text AS name, '' AS "column", c.relowner AS owner,
        CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END AS type, c.relacl AS acl
    FROM pg_class AS c
    WHERE c.relacl IS NOT NULL AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't'
    UNION ALL
    SELECT
        'pg_class'::regclass, c.oid, a.attnum,
        CASE c.relkind
            WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table'
        END,
        c.relnamespace, c.relname, a.attname, c.relowner, 'c', a.attacl
    FROM pg_attribute AS a
    JOIN pg_class AS c ON c.oid = a.attrelid
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relpersistence <> 't'
    UNION ALL
    SELECT
        'pg_proc'::regclass, oid, 0,
        CASE prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END,
        pronamespace, proname || '(' || oidvectortypes(proargtypes) || ')', '', proowner, 'f', proacl
    FROM pg_proc
    WHERE proacl IS NOT NULL
    UNION ALL
    SELECT
        'pg_type'::regclass, t.oid, 0,
        CASE t.typtype
            WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum' WHEN 'r' THEN 'range'
            WHEN 'c' THEN CASE c.relkind WHEN 'c' THEN 'composite' ELSE 'row type' END
            ELSE 'base type'
        END,
        t.typnamespace, t.typname, '', t.typowner, 'T', t.typacl
    FROM pg_type AS t
    LEFT JOIN pg_class AS c ON c.oid = t.typrelid
    -- Since PostgreSQL 17 a multirange type has the privileges of its range and cannot have any of its own.
    WHERE t.typacl IS NOT NULL AND t.typtype <> 'm'
    UNION ALL
    SELECT
        'pg_namespace'::regclass, oid, 0, 'schema', 0, nspname, '', nspowner, 'n',
        coalesce(nspacl, acldefault('n', nspowner))
    FROM pg_namespace
    WHERE (nspacl IS NOT NULL OR nspname = 'public')
        AND (nspname !~ '^pg_' OR nspname = 'pg_catalog') AND nspname <> 'information_schema'
    UNION ALL
    SELECT 'pg_language'::regclass, oid, 0, 'language', 0, lanname, '', lanowner, 'l', lanacl
    FROM pg_language
    WHERE lanacl IS NOT NULL
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, 'foreign data wrapper', 0, fdwname, '', fdwowner, 'F', fdwacl
    FROM pg_foreign_data_wrapper
    WHERE fdwacl IS NOT NULL
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, oid, 0, 'server', 0, srvname, '', srvowner, 'S', srvacl
    FROM pg_foreign_server
    WHERE srvacl IS NOT NULL
    UNION ALL
    -- Without its name: the same schema in a database of another name is the same.
    SELECT 'pg_database'::regclass, oid, 0, 'database', 0, '', '', datdba, 'd', datacl
    FROM pg_database
    WHERE datacl IS NOT NULL AND datname = current_database()
),
touched AS (
    SELECT
        o.classid, o.objid, o.objsubid, o.of, n.nspname AS schema, o.name, o.owner, o.acl, b.initial, o."column",
        ROW(o.owner, o.acl, b.initial, o."column")::text AS mark
    FROM object AS o
    LEFT JOIN pg_namespace AS n ON n.oid = o.namespace
    LEFT JOIN pg_init_privs AS i ON i.classoid = o.classid AND i.objoid = o.objid AND i.objsubid = o.objsubid
    CROSS JOIN LATERAL (
        SELECT CASE
            -- As initdb makes it, whether this one is initdb's or was dropped and made again.
            WHEN o.of = 'schema' AND o.name = 'public'
                THEN '{pg_database_owner=UC/pg_database_owner,=U/pg_database_owner}'::aclitem[]
            ELSE coalesce(i.initprivs, acldefault(o.type, o.owner))
        END AS initial
    ) AS b
    WHERE o.acl <> b.initial
        -- pg_init_privs knows what initdb granted in pg_catalog, not in information_schema.
        AND (n.nspname IS NULL OR n.nspname !~ '^pg_' OR n.nspname = 'pg_catalog')
        AND n.nspname IS DISTINCT FROM 'information_schema'
),
-- Ten thousand tables have a handful of ACLs among them: each is read once.
word AS (
    SELECT
        t.mark, e.actual,
        CASE
            WHEN e.grantee = 0 THEN 'PUBLIC'
            -- What came with an object was granted by the owner that it had then.
            WHEN e.grantee = CASE WHEN e.actual THEN t.owner ELSE e.grantor END THEN 'OWNER'
            -- Nobody calls a role like our words for grantees; if so, it has quotes.
            WHEN r.rolname IN ('PUBLIC', 'OWNER') THEN quote_ident(r.rolname)
            ELSE r.rolname
        END AS grantee,
        e.privilege_type || coalesce(' (' || quote_ident(nullif(t."column", '')) || ')', '')
            || CASE WHEN bool_or(e.is_grantable) THEN ' WITH GRANT OPTION' ELSE '' END
            || coalesce(' GRANTED BY ' || quote_ident(g.rolname), '') AS word
    FROM (SELECT DISTINCT ON (mark) * FROM touched) AS t
    CROSS JOIN LATERAL (
        SELECT true AS actual, a.* FROM aclexplode(t.acl) AS a
        UNION ALL
        SELECT false, a.* FROM aclexplode(t.initial) AS a
    ) AS e
    LEFT JOIN pg_roles AS r ON r.oid = e.grantee
    -- The owner grants, or a superuser in the owner's name: whoever that is. Another one had the option to grant.
    LEFT JOIN pg_roles AS g ON e.actual AND g.oid = e.grantor AND e.grantor <> t.owner
    GROUP BY 1, 2, 3, t."column", e.privilege_type, g.rolname
),
part AS MATERIALIZED (
    SELECT
        mark, grantee,
        coalesce(array_agg(word ORDER BY word COLLATE "C") FILTER (WHERE actual), '{}') AS grants,
        coalesce(array_agg(word ORDER BY word COLLATE "C") FILTER (WHERE NOT actual), '{}') AS initial
    FROM word
    WHERE grantee IS NOT NULL
    GROUP BY 1, 2
),
found AS (
    SELECT t.classid, t.objid, t.objsubid, t.of, t.schema, t.name, p.grantee, p.grants, p.initial
    FROM touched AS t
    JOIN part AS p ON p.mark = t.mark AND p.grants <> p.initial
),
whole AS (
    SELECT classid, objid, of, schema, name, grantee, grants, initial
    FROM found
    WHERE objid NOT IN (SELECT objid FROM found WHERE objsubid <> 0)
    UNION ALL
    -- A table's own grants and those of its columns are one record.
    SELECT
        classid, objid, of, schema, name, grantee,
        coalesce(array_agg(w.word ORDER BY w.word COLLATE "C") FILTER (WHERE w.actual), '{}'),
        coalesce(array_agg(w.word ORDER BY w.word COLLATE "C") FILTER (WHERE NOT w.actual), '{}')
    FROM found
    CROSS JOIN LATERAL (
        SELECT true AS actual, unnest(grants) AS word
        UNION ALL
        SELECT false, unnest(initial)
    ) AS w
    WHERE objid IN (SELECT objid FROM found WHERE objsubid <> 0)
    GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT
    w.of,
    coalesce(w.schema, '') AS schema,
    w.name AS object,
    w.grantee AS name,
    CASE WHEN w.of = 'sequence' THEN (
        SELECT ARRAY[c.relname, a.attname]
        FROM pg_depend AS d
        JOIN pg_class AS c ON c.oid = d.refobjid
        JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = w.classid AND d.objid = w.objid AND d.refclassid = 'pg_class'::regclass
            AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    ) END AS owned_by,
    x.extname AS extension,
    w.initial,
    w.grants
FROM whole AS w
LEFT JOIN pg_depend AS d
    ON d.classid = w.classid AND d.objid = w.objid AND d.objsubid = 0
    AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
LEFT JOIN pg_extension AS x ON x.oid = d.refobjid
