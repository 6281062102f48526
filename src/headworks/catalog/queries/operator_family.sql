-- Operator families: pg_opfamily (https://www.postgresql.org/docs/current/catalog-pg-opfamily.html), with the members
-- (pg_amop, pg_amproc) that ALTER OPERATOR FAMILY added: those of a class depend on the class (operator_class.sql).
-- none unless: pg_opfamily WHERE opfnamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    f.opfname || ' USING ' || quote_ident(am.amname) AS name,
    -- A member is NULL where an OID or ??? is printed: what it names was dropped meanwhile.
    ARRAY(
        SELECT ao.amopstrategy || ' ' || substring(ao.amopopr::regoperator::text FROM '.*[^0-9].*')
            || coalesce(' FOR ORDER BY ' || quote_ident(sn.nspname) || '.' || quote_ident(sf.opfname), '')
        FROM pg_depend AS m
        JOIN pg_amop AS ao ON ao.oid = m.objid
        LEFT JOIN pg_opfamily AS sf ON sf.oid = ao.amopsortfamily
        LEFT JOIN pg_namespace AS sn ON sn.oid = sf.opfnamespace
        WHERE m.refclassid = 'pg_opfamily'::regclass AND m.refobjid = f.oid AND m.classid = 'pg_amop'::regclass
        ORDER BY ao.amopstrategy, ao.amopopr::regoperator::text COLLATE "C"
    ) AS operators,
    ARRAY(
        SELECT ap.amprocnum || ' (' || nullif(format_type(ap.amproclefttype, NULL), '???')
            || ', ' || nullif(format_type(ap.amprocrighttype, NULL), '???') || ') '
            || substring(ap.amproc::regprocedure::text FROM '.*[^0-9].*')
        FROM pg_depend AS m
        JOIN pg_amproc AS ap ON ap.oid = m.objid
        WHERE m.refclassid = 'pg_opfamily'::regclass AND m.refobjid = f.oid AND m.classid = 'pg_amproc'::regclass
        ORDER BY
            ap.amprocnum,
            format_type(ap.amproclefttype, NULL) COLLATE "C",
            format_type(ap.amprocrighttype, NULL) COLLATE "C"
    ) AS functions,
    d.description AS comment
FROM pg_opfamily AS f
JOIN pg_namespace AS n ON n.oid = f.opfnamespace
JOIN pg_am AS am ON am.oid = f.opfmethod
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_opfamily'::regclass AND d.objoid = f.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_opfamily'::regclass AND e.objid = f.oid
    )
