-- Text search configurations: pg_ts_config (https://www.postgresql.org/docs/current/catalog-pg-ts-config.html) and
-- pg_ts_config_map. Only the parser itself knows the names of its types of tokens.
-- none unless: pg_ts_config WHERE cfgnamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    c.cfgname AS name,
    ARRAY[pn.nspname, p.prsname] AS parser,
    ARRAY(
        SELECT k.alias || ': ' || CASE
            -- Digits alone are the OID of a dictionary that was dropped meanwhile.
            WHEN bool_and(m.mapdict::regdictionary::text ~ '[^0-9]')
            THEN string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno)
        END
        FROM pg_ts_config_map AS m
        LEFT JOIN ts_token_type(c.cfgparser) AS k ON k.tokid = m.maptokentype
        WHERE m.mapcfg = c.oid
        GROUP BY m.maptokentype, k.alias
        ORDER BY k.alias COLLATE "C"
    ) AS mappings,
    d.description AS comment
FROM pg_ts_config AS c
JOIN pg_namespace AS n ON n.oid = c.cfgnamespace
JOIN pg_ts_parser AS p ON p.oid = c.cfgparser
JOIN pg_namespace AS pn ON pn.oid = p.prsnamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_ts_config'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_ts_config'::regclass AND e.objid = c.oid
    )
