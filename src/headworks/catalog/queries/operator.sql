-- Operators: pg_operator (https://www.postgresql.org/docs/current/catalog-pg-operator.html), without those that exist
-- only because another one's COMMUTATOR or NEGATOR names them.
-- none unless: pg_operator WHERE oprnamespace <> ALL (system)
SELECT
    n.nspname AS schema,
    -- The types of the operands tell operators of one name apart. ??? is printed for one that was dropped meanwhile.
    o.oprname || '('
        || CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE nullif(format_type(o.oprleft, NULL), '???') END
        || ', ' || nullif(format_type(o.oprright, NULL), '???') || ')' AS name,
    o.oprcode::regprocedure::text AS function,
    nullif(o.oprcom, 0)::regoperator::text AS commutator,
    nullif(o.oprnegate, 0)::regoperator::text AS negator,
    nullif(o.oprrest::oid, 0)::regprocedure::text AS restrict,
    nullif(o.oprjoin::oid, 0)::regprocedure::text AS join,
    o.oprcanhash AS hashes,
    o.oprcanmerge AS merges,
    d.description AS comment
FROM pg_operator AS o
JOIN pg_namespace AS n ON n.oid = o.oprnamespace
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_operator'::regclass AND d.objoid = o.oid AND d.objsubid = 0
WHERE o.oprcode <> 0
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS e
        WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
            AND e.classid = 'pg_operator'::regclass AND e.objid = o.oid
    )
