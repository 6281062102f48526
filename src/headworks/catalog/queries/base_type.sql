-- Base types and shell types: pg_type (https://www.postgresql.org/docs/current/catalog-pg-type.html). Array types are
-- base types too; their subscript function, which CREATE TYPE refuses, tells them.
-- none unless: pg_type WHERE (typtype = 'b' AND typarray <> 0 OR NOT typisdefined) AND typnamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    t.typname AS name,
    NOT t.typisdefined AS shell,
    f.input,
    f.output,
    f.receive,
    f.send,
    f.modifier_input,
    f.modifier_output,
    f.analyze,
    f.subscript,
    coalesce(f.length, -1) AS length,
    coalesce(f.passed_by_value, false) AS passed_by_value,
    coalesce(f.alignment, 'int4') AS alignment,
    coalesce(f.storage, 'plain') AS storage,
    coalesce(f.category, 'U') AS category,
    coalesce(f.preferred, false) AS preferred,
    f.default,
    f.element_type,
    coalesce(f.delimiter, ',') AS delimiter,
    coalesce(f.collatable, false) AS collatable,
    d.description AS comment
FROM pg_type AS t
JOIN pg_namespace AS n ON n.oid = t.typnamespace
-- A shell has values of its own in these columns, which say nothing.
LEFT JOIN LATERAL (
    SELECT
        t.typinput::regprocedure::text AS input,
        t.typoutput::regprocedure::text AS output,
        nullif(t.typreceive::oid, 0)::regprocedure::text AS receive,
        nullif(t.typsend::oid, 0)::regprocedure::text AS send,
        nullif(t.typmodin::oid, 0)::regprocedure::text AS modifier_input,
        nullif(t.typmodout::oid, 0)::regprocedure::text AS modifier_output,
        nullif(t.typanalyze::oid, 0)::regprocedure::text AS analyze,
        nullif(t.typsubscript::oid, 0)::regprocedure::text AS subscript,
        t.typlen AS length,
        t.typbyval AS passed_by_value,
        CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' ELSE 'int4' END AS alignment,
        CASE t.typstorage
            WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' WHEN 'm' THEN 'main' ELSE 'plain'
        END AS storage,
        t.typcategory AS category,
        t.typispreferred AS preferred,
        t.typdefault AS "default",
        CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END AS element_type,
        t.typdelim AS delimiter,
        t.typcollation <> 0 AS collatable
) AS f ON t.typisdefined
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE (t.typtype = 'b' OR NOT t.typisdefined)
    AND t.typsubscript <> 'array_subscript_handler'::regproc
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_type'::regclass AND e.objid = t.oid
    )
