-- Text search parsers: pg_ts_parser (https://www.postgresql.org/docs/current/catalog-pg-ts-parser.html).
-- none unless: pg_ts_parser WHERE prsnamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    p.prsname AS name,
    p.prsstart::regprocedure::text AS start,
    p.prstoken::regprocedure::text AS gettoken,
    p.prsend::regprocedure::text AS "end",
    nullif(p.prsheadline::oid, 0)::regprocedure::text AS headline,
    p.prslextype::regprocedure::text AS lextypes,
    d.description AS comment
FROM pg_ts_parser AS p
JOIN pg_namespace AS n ON n.oid = p.prsnamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_ts_parser'::regclass AND d.objoid = p.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_ts_parser'::regclass AND e.objid = p.oid
    )
