-- Casts: pg_cast (https://www.postgresql.org/docs/current/catalog-pg-cast.html). That of a range to its multirange goes
-- with the type (deptype i).
-- none unless: pg_cast WHERE oid >= 16384
SELECT
    -- ??? is printed for a type that was dropped meanwhile.
    nullif(format_type(c.castsource, NULL), '???') || ' AS ' || nullif(format_type(c.casttarget, NULL), '???') AS name,
    CASE c.castmethod WHEN 'f' THEN 'function' WHEN 'i' THEN 'inout' ELSE 'binary' END AS method,
    nullif(c.castfunc, 0)::regprocedure::text AS function,
    CASE c.castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment' ELSE 'explicit' END AS context,
    d.description AS comment
FROM pg_cast AS c
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_cast'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.oid >= 16384 AND NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.classid = 'pg_cast'::regclass AND e.objid = c.oid AND e.deptype IN ('e', 'i')
)
