-- Subscriptions of this database: pg_subscription
-- (https://www.postgresql.org/docs/current/catalog-pg-subscription.html). Of its columns subconninfo alone is closed to
-- ordinary roles, and a query that names it fails for them whether it reads it or not. The query that ts_stat() is
-- given runs only for those who may: it returns the words of a document, which here are the pieces of the text,
-- numbered. catalog/secrets.py takes the password out.
-- none unless: pg_subscription
WITH before_17 AS (
    -- A name that the catalog lacks on an older major is looked up here instead: inner names win over outer ones.
    SELECT false AS subfailover, true AS subpasswordrequired, false AS subrunasowner, 'any' AS suborigin
)
SELECT
    s.subname AS name,
    CASE WHEN has_column_privilege('pg_subscription', 'subconninfo', 'SELECT') THEN ARRAY[(
        SELECT string_agg(substr(w.word, 5), '' ORDER BY w.word COLLATE "C")
        FROM ts_stat(
            'SELECT array_to_tsvector(array_agg(to_char(i, ''FM0000'') || substr(subconninfo, i * 400 + 1, 400)))
                FROM pg_subscription, generate_series(0, length(subconninfo) / 400) AS i WHERE oid = ' || s.oid
        ) AS w
    )] END AS connection,
    ARRAY(SELECT u FROM unnest(s.subpublications) AS u ORDER BY u COLLATE "C") AS publications,
    s.subenabled AS enabled,
    s.subslotname AS slot,
    s.subbinary AS binary,
    -- A boolean on 15.
    CASE s.substream::text
        WHEN 'p' THEN 'parallel' WHEN 't' THEN 'on' WHEN 'true' THEN 'on' ELSE 'off'
    END AS streaming,
    s.subtwophasestate <> 'd' AS two_phase,
    s.subdisableonerr AS disable_on_error,
    s.subpasswordrequired AS password_required,
    s.subrunasowner AS run_as_owner,
    s.suborigin AS origin,
    s.subfailover AS failover,
    s.subsynccommit AS synchronous_commit,
    d.description AS comment
FROM before_17
CROSS JOIN LATERAL (
    SELECT
        oid, subdbid, subname, subenabled, subbinary, substream, subtwophasestate, subdisableonerr, subslotname,
        subsynccommit, subpublications, subfailover, subpasswordrequired, subrunasowner, suborigin
    FROM pg_subscription
) AS s
JOIN pg_database AS b ON b.oid = s.subdbid AND b.datname = current_database()
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_subscription'::regclass AND d.objoid = s.oid AND d.objsubid = 0
