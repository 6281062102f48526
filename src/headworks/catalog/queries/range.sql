-- Range types, each with its multirange type: pg_range (https://www.postgresql.org/docs/current/catalog-pg-range.html).
-- none unless: pg_type WHERE typtype = 'r' AND typnamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    t.typname AS name,
    format_type(r.rngsubtype, NULL) AS subtype,
    CASE WHEN NOT o.opcdefault THEN ARRAY[onsp.nspname, o.opcname] END AS operator_class,
    CASE WHEN r.rngcollation <> s.typcollation THEN r.rngcollation::regcollation::text END AS collation,
    nullif(r.rngcanonical::oid, 0)::regprocedure::text AS canonical,
    nullif(r.rngsubdiff::oid, 0)::regprocedure::text AS subtype_diff,
    ARRAY[mn.nspname, m.typname] AS multirange,
    d.description AS comment
FROM pg_range AS r
JOIN pg_type AS t ON t.oid = r.rngtypid
JOIN pg_namespace AS n ON n.oid = t.typnamespace
JOIN pg_type AS s ON s.oid = r.rngsubtype
JOIN pg_type AS m ON m.oid = r.rngmultitypid
JOIN pg_namespace AS mn ON mn.oid = m.typnamespace
JOIN pg_opclass AS o ON o.oid = r.rngsubopc
JOIN pg_namespace AS onsp ON onsp.oid = o.opcnamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_type'::regclass AND e.objid = t.oid
    )
