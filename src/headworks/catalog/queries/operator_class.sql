-- Operator classes: pg_opclass (https://www.postgresql.org/docs/current/catalog-pg-opclass.html), with those members of
-- their family (pg_amop, pg_amproc) that depend on the class.
-- none unless: pg_opclass WHERE opcnamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    c.opcname || ' USING ' || quote_ident(am.amname) AS name,
    format_type(c.opcintype, NULL) AS type,
    c.opcdefault AS "default",
    ARRAY[fn.nspname, f.opfname] AS family,
    CASE WHEN c.opckeytype <> 0 THEN format_type(c.opckeytype, NULL) END AS storage_type,
    -- A member is NULL where an OID or ??? is printed: what it names was dropped meanwhile.
    ARRAY(
        SELECT ao.amopstrategy || ' ' || substring(ao.amopopr::regoperator::text FROM '.*[^0-9].*')
            || coalesce(' FOR ORDER BY ' || quote_ident(sn.nspname) || '.' || quote_ident(sf.opfname), '')
        FROM pg_depend AS m
        JOIN pg_amop AS ao ON ao.oid = m.objid
        LEFT JOIN pg_opfamily AS sf ON sf.oid = ao.amopsortfamily
        LEFT JOIN pg_namespace AS sn ON sn.oid = sf.opfnamespace
        WHERE m.refclassid = 'pg_opclass'::regclass AND m.refobjid = c.oid AND m.classid = 'pg_amop'::regclass
        ORDER BY ao.amopstrategy, ao.amopopr::regoperator::text COLLATE "C"
    ) AS operators,
    ARRAY(
        SELECT ap.amprocnum || ' (' || nullif(format_type(ap.amproclefttype, NULL), '???')
            || ', ' || nullif(format_type(ap.amprocrighttype, NULL), '???') || ') '
            || substring(ap.amproc::regprocedure::text FROM '.*[^0-9].*')
        FROM pg_depend AS m
        JOIN pg_amproc AS ap ON ap.oid = m.objid
        WHERE m.refclassid = 'pg_opclass'::regclass AND m.refobjid = c.oid AND m.classid = 'pg_amproc'::regclass
        ORDER BY
            ap.amprocnum,
            format_type(ap.amproclefttype, NULL) COLLATE "C",
            format_type(ap.amprocrighttype, NULL) COLLATE "C"
    ) AS functions,
    d.description AS comment
FROM pg_opclass AS c
JOIN pg_namespace AS n ON n.oid = c.opcnamespace
JOIN pg_am AS am ON am.oid = c.opcmethod
JOIN pg_opfamily AS f ON f.oid = c.opcfamily
JOIN pg_namespace AS fn ON fn.oid = f.opfnamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_opclass'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_opclass'::regclass AND e.objid = c.oid
    )
