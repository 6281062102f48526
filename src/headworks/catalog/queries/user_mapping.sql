-- User mappings: pg_user_mappings (https://www.postgresql.org/docs/current/view-pg-user-mappings.html), which shows no
-- options to those who may not know them. No options and hidden ones are told apart by the view's own condition.
-- none unless: pg_foreign_server
SELECT
    m.srvname AS server,
    CASE WHEN m.umuser = 0 THEN 'PUBLIC' ELSE m.usename END AS name,
    CASE
        WHEN m.umoptions IS NULL AND NOT (
            me.rolsuper
            OR CASE WHEN m.umuser = 0 THEN pg_has_role(s.srvowner, 'USAGE') ELSE
                m.umuser = me.oid AND (pg_has_role(s.srvowner, 'USAGE') OR has_server_privilege(s.oid, 'USAGE'))
            END
        ) THEN NULL
        ELSE ARRAY(SELECT o FROM unnest(m.umoptions) AS o ORDER BY o COLLATE "C")
    END AS options
FROM pg_user_mappings AS m
JOIN pg_foreign_server AS s ON s.oid = m.srvid
JOIN pg_roles AS me ON me.rolname = current_user
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
        AND e.classid = 'pg_user_mapping'::regclass AND e.objid = m.umid
)
