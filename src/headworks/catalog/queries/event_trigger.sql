-- Event triggers: pg_event_trigger (https://www.postgresql.org/docs/current/catalog-pg-event-trigger.html).
-- none unless: pg_event_trigger
SELECT
    t.evtname AS name,
    t.evtevent AS event,
    ARRAY(SELECT u FROM unnest(t.evttags) AS u ORDER BY u COLLATE "C") AS tags,
    ARRAY[n.nspname, p.proname] AS function,
    CASE t.evtenabled
        WHEN 'A' THEN 'always' WHEN 'R' THEN 'replica' WHEN 'D' THEN 'disabled' ELSE 'origin'
    END AS enabled,
    d.description AS comment
FROM pg_event_trigger AS t
JOIN pg_proc AS p ON p.oid = t.evtfoid
JOIN pg_namespace AS n ON n.oid = p.pronamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_event_trigger'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
        AND e.classid = 'pg_event_trigger'::regclass AND e.objid = t.oid
)
