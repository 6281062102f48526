-- Conversions between encodings: pg_conversion (https://www.postgresql.org/docs/current/catalog-pg-conversion.html).
-- none unless: pg_conversion WHERE connamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    c.conname AS name,
    pg_encoding_to_char(c.conforencoding) AS from_encoding,
    pg_encoding_to_char(c.contoencoding) AS to_encoding,
    c.conproc::regprocedure::text AS function,
    c.condefault AS "default",
    d.description AS comment
FROM pg_conversion AS c
JOIN pg_namespace AS n ON n.oid = c.connamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_conversion'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_conversion'::regclass AND e.objid = c.oid
    )
