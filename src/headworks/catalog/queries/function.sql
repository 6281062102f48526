-- Functions and window functions: pg_proc (https://www.postgresql.org/docs/current/catalog-pg-proc.html). Those that
-- PostgreSQL makes for a range type go with the type (deptype i).
-- none unless: pg_proc WHERE prokind IN ('f', 'w') AND pronamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    -- The types alone tell routines of one name apart; names of arguments are in `arguments`.
    p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS name,
    pg_get_function_arguments(p.oid) AS arguments,
    pg_get_function_result(p.oid) AS returns,
    CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END AS volatility,
    p.proisstrict AS strict,
    p.proleakproof AS leakproof,
    CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END AS parallel,
    p.procost AS cost,
    p.prorows AS rows,
    p.prokind = 'w' AS "window",
    nullif(p.prosupport::oid, 0)::regprocedure::text AS support,
    l.lanname AS language,
    CASE WHEN p.prosqlbody IS NULL THEN p.prosrc ELSE pg_get_function_sqlbody(p.oid) END AS body,
    p.probin AS library,
    p.prosecdef AS security_definer,
    ARRAY(SELECT o FROM unnest(p.proconfig) AS o ORDER BY o COLLATE "C") AS settings,
    ARRAY(SELECT format_type(u, NULL) FROM unnest(p.protrftypes) AS u) AS transforms,
    coalesce(extension.names, '{}') AS depends_on_extensions,
    d.description AS comment
FROM pg_proc AS p
JOIN pg_namespace AS n ON n.oid = p.pronamespace
JOIN pg_language AS l ON l.oid = p.prolang
LEFT JOIN (
    SELECT x.objid, array_agg(e.extname ORDER BY e.extname) AS names
    FROM pg_extension AS e
    JOIN pg_depend AS x ON x.refclassid = 'pg_extension'::regclass AND x.refobjid = e.oid
    WHERE x.classid = 'pg_proc'::regclass AND x.deptype = 'x'
    GROUP BY x.objid
) AS extension ON extension.objid = p.oid
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_proc'::regclass AND d.objoid = p.oid AND d.objsubid = 0
WHERE p.prokind IN ('f', 'w')
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i')
    )
