-- Rules: pg_rewrite (https://www.postgresql.org/docs/current/catalog-pg-rewrite.html), but those ON SELECT (ev_type 1),
-- which are the definitions of views. pg_get_expr cannot print OLD and NEW, so that the condition and the actions are
-- taken from the text of the whole rule, where texts and names between quotes are passed over in the search for DO.
-- none unless: pg_rewrite WHERE ev_type <> '1' AND oid >= 16384
SELECT
    n.nspname AS schema,
    c.relname AS "table",
    r.rulename AS name,
    CASE r.ev_type WHEN '2' THEN 'update' WHEN '3' THEN 'insert' ELSE 'delete' END AS event,
    r.is_instead AS instead,
    substring(def.part[1] FROM $re$^(?:[^'"]|'[^']*'|"[^"]*")*? WHERE (.*)$$re$) AS condition,
    def.part[2] AS actions,
    CASE r.ev_enabled
        WHEN 'A' THEN 'always' WHEN 'R' THEN 'replica' WHEN 'D' THEN 'disabled' ELSE 'origin'
    END AS enabled,
    d.description AS comment
FROM pg_rewrite AS r
JOIN pg_class AS c ON c.oid = r.ev_class
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_rewrite'::regclass AND d.objoid = r.oid AND d.objsubid = 0
CROSS JOIN LATERAL regexp_match(
    pg_get_ruledef(r.oid), $re$^((?:[^'"]|'[^']*'|"[^"]*")*?) DO(?: INSTEAD)?\s+(.*);$$re$
) AS def (part)
WHERE r.ev_type <> '1' AND c.relpersistence <> 't'
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND (e.classid, e.objid) IN (('pg_class'::regclass, c.oid), ('pg_rewrite'::regclass, r.oid))
    )
