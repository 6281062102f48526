-- Foreign servers: pg_foreign_server (https://www.postgresql.org/docs/current/catalog-pg-foreign-server.html).
-- none unless: pg_foreign_server
SELECT
    s.srvname AS name,
    w.fdwname AS wrapper,
    s.srvtype AS type,
    s.srvversion AS version,
    ARRAY(SELECT o FROM unnest(s.srvoptions) AS o ORDER BY o COLLATE "C") AS options,
    d.description AS comment
FROM pg_foreign_server AS s
JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_foreign_server'::regclass AND d.objoid = s.oid AND d.objsubid = 0
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
        AND e.classid = 'pg_foreign_server'::regclass AND e.objid = s.oid
)
