-- Aggregates: pg_aggregate (https://www.postgresql.org/docs/current/catalog-pg-aggregate.html) and pg_proc.
-- none unless: pg_proc WHERE prokind = 'a' AND pronamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS name,
    CASE a.aggkind WHEN 'o' THEN 'ordered-set' WHEN 'h' THEN 'hypothetical-set' ELSE 'normal' END AS type,
    pg_get_function_arguments(p.oid) AS arguments,
    a.aggtransfn::regprocedure::text AS state_function,
    format_type(a.aggtranstype, NULL) AS state_type,
    a.aggtransspace AS state_space,
    a.agginitval AS initial_value,
    nullif(a.aggfinalfn::oid, 0)::regprocedure::text AS final_function,
    -- Without its function, pg_dump leaves out how it is called, and so does a restored database.
    a.aggfinalfn <> 0 AND a.aggfinalextra AS final_extra,
    CASE WHEN a.aggfinalfn <> 0 THEN
        CASE a.aggfinalmodify WHEN 'r' THEN 'read_only' WHEN 's' THEN 'shareable' ELSE 'read_write' END
    END AS final_modify,
    nullif(a.aggcombinefn::oid, 0)::regprocedure::text AS combine_function,
    nullif(a.aggserialfn::oid, 0)::regprocedure::text AS serial_function,
    nullif(a.aggdeserialfn::oid, 0)::regprocedure::text AS deserial_function,
    nullif(a.aggmtransfn::oid, 0)::regprocedure::text AS moving_state_function,
    nullif(a.aggminvtransfn::oid, 0)::regprocedure::text AS moving_inverse_function,
    CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END AS moving_state_type,
    a.aggmtransspace AS moving_state_space,
    a.aggminitval AS moving_initial_value,
    nullif(a.aggmfinalfn::oid, 0)::regprocedure::text AS moving_final_function,
    a.aggmfinalfn <> 0 AND a.aggmfinalextra AS moving_final_extra,
    CASE WHEN a.aggmfinalfn <> 0 THEN
        CASE a.aggmfinalmodify WHEN 'r' THEN 'read_only' WHEN 's' THEN 'shareable' ELSE 'read_write' END
    END AS moving_final_modify,
    nullif(a.aggsortop, 0)::regoperator::text AS sort_operator,
    CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END AS parallel,
    coalesce(extension.names, '{}') AS depends_on_extensions,
    d.description AS comment
FROM pg_aggregate AS a
JOIN pg_proc AS p ON p.oid = a.aggfnoid
JOIN pg_namespace AS n ON n.oid = p.pronamespace
LEFT JOIN (
    SELECT x.objid, array_agg(e.extname ORDER BY e.extname) AS names
    FROM pg_extension AS e
    JOIN pg_depend AS x ON x.refclassid = 'pg_extension'::regclass AND x.refobjid = e.oid
    WHERE x.classid = 'pg_proc'::regclass AND x.deptype = 'x'
    GROUP BY x.objid
) AS extension ON extension.objid = p.oid
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_proc'::regclass AND d.objoid = p.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_proc'::regclass AND e.objid = p.oid
    )
