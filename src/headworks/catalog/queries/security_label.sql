-- Security labels: pg_seclabel (https://www.postgresql.org/docs/current/catalog-pg-seclabel.html), and pg_shseclabel
-- for the database and its subscriptions. Large objects are data.
-- none unless: (SELECT FROM pg_seclabel UNION ALL SELECT FROM pg_shseclabel) AS label
WITH label AS (
    SELECT classoid, objoid, objsubid, provider, label FROM pg_seclabel
    UNION ALL
    SELECT classoid, objoid, 0, provider, label FROM pg_shseclabel
),
labelled AS (
    SELECT
        l.*,
        CASE c.relkind
            WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
            WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite' ELSE 'table'
        END AS of,
        c.relnamespace AS namespace, c.relname::text AS name, coalesce(a.attname, '') AS "column"
    FROM label AS l
    JOIN pg_class AS c ON c.oid = l.objoid
    LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = l.objsubid AND l.objsubid <> 0
    WHERE l.classoid = 'pg_class'::regclass AND c.relpersistence <> 't'
    UNION ALL
    SELECT
        l.*, CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END,
        p.pronamespace, p.proname || '(' || oidvectortypes(p.proargtypes) || ')', ''
    FROM label AS l
    JOIN pg_proc AS p ON p.oid = l.objoid
    WHERE l.classoid = 'pg_proc'::regclass
    UNION ALL
    SELECT
        l.*,
        CASE t.typtype
            WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum' WHEN 'r' THEN 'range'
            WHEN 'c' THEN CASE c.relkind WHEN 'c' THEN 'composite' ELSE 'row type' END
            ELSE 'base type'
        END,
        t.typnamespace, t.typname, ''
    FROM label AS l
    JOIN pg_type AS t ON t.oid = l.objoid
    LEFT JOIN pg_class AS c ON c.oid = t.typrelid
    WHERE l.classoid = 'pg_type'::regclass
    UNION ALL
    SELECT l.*, 'schema', 0, n.nspname, ''
    FROM label AS l
    JOIN pg_namespace AS n ON n.oid = l.objoid
    WHERE l.classoid = 'pg_namespace'::regclass
    UNION ALL
    SELECT l.*, 'language', 0, p.lanname, ''
    FROM label AS l
    JOIN pg_language AS p ON p.oid = l.objoid
    WHERE l.classoid = 'pg_language'::regclass
    UNION ALL
    SELECT l.*, 'event trigger', 0, t.evtname, ''
    FROM label AS l
    JOIN pg_event_trigger AS t ON t.oid = l.objoid
    WHERE l.classoid = 'pg_event_trigger'::regclass
    UNION ALL
    SELECT l.*, 'publication', 0, p.pubname, ''
    FROM label AS l
    JOIN pg_publication AS p ON p.oid = l.objoid
    WHERE l.classoid = 'pg_publication'::regclass
    UNION ALL
    SELECT l.*, 'subscription', 0, s.subname, ''
    FROM label AS l
    JOIN pg_subscription AS s ON s.oid = l.objoid
    JOIN pg_database AS b ON b.oid = s.subdbid AND b.datname = current_database()
    WHERE l.classoid = 'pg_subscription'::regclass
    UNION ALL
    SELECT l.*, 'database', 0, '', ''
    FROM label AS l
    JOIN pg_database AS b ON b.oid = l.objoid AND b.datname = current_database()
    WHERE l.classoid = 'pg_database'::regclass
)
SELECT
    o.of,
    coalesce(n.nspname, '') AS schema,
    o.name AS object,
    o."column",
    o.provider AS name,
    o.label
FROM labelled AS o
LEFT JOIN pg_namespace AS n ON n.oid = o.namespace
WHERE coalesce(n.nspname, CASE WHEN o.of = 'schema' THEN o.name ELSE '' END) !~ '^(pg_|information_schema$)'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = o.classoid AND e.objid = o.objoid
    )
