-- ALTER DATABASE .. SET and ALTER ROLE .. IN DATABASE .. SET: pg_db_role_setting
-- (https://www.postgresql.org/docs/current/catalog-pg-db-role-setting.html).
-- none unless: pg_db_role_setting WHERE setdatabase <> 0
SELECT
    coalesce(r.rolname, '') AS role,
    split_part(u.setting, '=', 1) AS name,
    substr(u.setting, strpos(u.setting, '=') + 1) AS value
FROM pg_db_role_setting AS s
JOIN pg_database AS b ON b.oid = s.setdatabase AND b.datname = current_database()
LEFT JOIN pg_roles AS r ON r.oid = s.setrole
CROSS JOIN LATERAL unnest(s.setconfig) AS u (setting)
WHERE s.setrole = 0 OR r.oid IS NOT NULL
