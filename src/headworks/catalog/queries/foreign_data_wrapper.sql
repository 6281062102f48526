-- Foreign-data wrappers: pg_foreign_data_wrapper
-- (https://www.postgresql.org/docs/current/catalog-pg-foreign-data-wrapper.html).
-- none unless: pg_foreign_data_wrapper
SELECT
    w.fdwname AS name,
    nullif(w.fdwhandler, 0)::regprocedure::text AS handler,
    nullif(w.fdwvalidator, 0)::regprocedure::text AS validator,
    ARRAY(SELECT o FROM unnest(w.fdwoptions) AS o ORDER BY o COLLATE "C") AS options,
    d.description AS comment
FROM pg_foreign_data_wrapper AS w
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_foreign_data_wrapper'::regclass AND d.objoid = w.oid AND d.objsubid = 0
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
        AND e.classid = 'pg_foreign_data_wrapper'::regclass AND e.objid = w.oid
)
