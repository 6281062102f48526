-- What ALTER and COMMENT ON DATABASE say of this one: pg_database
-- (https://www.postgresql.org/docs/current/catalog-pg-database.html). It has no name here: the same schema in a
-- database of another name is the same.
SELECT
    '' AS name,
    nullif(b.datconnlimit, -1) AS connection_limit,
    d.description AS comment
FROM pg_database AS b
LEFT JOIN pg_shdescription AS d
    ON d.classoid = 'pg_database'::regclass AND d.objoid = b.oid
    -- initdb's own comment is about the name.
    AND NOT (b.oid < 16384 AND d.description = 'default administrative connection database')
    -- Ours, of a scratch database: whose it is (headworks.postgres.owned).
    AND NOT (b.datname ~ '^headworks_' AND d.description ~ '^headworks: a scratch database of process [0-9]+(, roles after [0-9]+)?$')
WHERE b.datname = current_database() AND (b.datconnlimit <> -1 OR d.objoid IS NOT NULL)
