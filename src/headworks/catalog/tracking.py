"""What DDL has touched since it was last asked for: event triggers that write down the objects.

They are made in a throw-away database, in a schema of their own that no picture shows. Event triggers tell of every
object that a command makes, alters, comments on or drops, with what is dropped along with it
(https://www.postgresql.org/docs/current/event-trigger-matrix.html), but not of everything: shared objects, event
triggers and the database itself have none (they are in `mark`), GRANT does not name its object, and what
changes the catalog with UPDATE, or CLUSTER, is not heard at all.
"""

from typing import Any

import msgspec
import psycopg
from psycopg.rows import tuple_row

__all__ = ["Drop", "Relation", "Touched", "relations", "touched", "track"]

_TRACK = """
BEGIN;
CREATE SCHEMA headworks_gate;
CREATE UNLOGGED TABLE headworks_gate.touched (
    class pg_catalog.oid, object pg_catalog.oid, part integer, dropped boolean, names pg_catalog.text[],
    identity pg_catalog.text, direct boolean
);
CREATE FUNCTION headworks_gate.made() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$BEGIN
    INSERT INTO headworks_gate.touched
    SELECT classid, objid, objsubid, false, NULL, NULL, NULL FROM pg_catalog.pg_event_trigger_ddl_commands();
END$$;
CREATE FUNCTION headworks_gate.dropped() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$BEGIN
    INSERT INTO headworks_gate.touched
    SELECT classid, objid, objsubid, true, address_names, object_identity, original OR normal
    FROM pg_catalog.pg_event_trigger_dropped_objects()
    WHERE NOT is_temporary;
END$$;
CREATE EVENT TRIGGER headworks_gate_made ON ddl_command_end EXECUTE FUNCTION headworks_gate.made();
CREATE EVENT TRIGGER headworks_gate_dropped ON sql_drop EXECUTE FUNCTION headworks_gate.dropped();
ALTER EVENT TRIGGER headworks_gate_made ENABLE ALWAYS;
ALTER EVENT TRIGGER headworks_gate_dropped ENABLE ALWAYS;
TRUNCATE headworks_gate.touched;
COMMIT
"""

_PARTS = """
    CASE WHEN r.relhastriggers THEN 't' END,
    CASE WHEN r.relhasrules THEN 'r' END,
    CASE WHEN EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = r.oid) THEN 'p' END
"""

# Neither inherited, nor with what lies outside of it or says of it more than its own parts do.
_ALONE = """
    r.relacl IS NULL AND r.relowner = b.datdba AND r.relkind <> 'c'
    AND NOT EXISTS (SELECT FROM pg_inherits AS h WHERE r.oid IN (h.inhrelid, h.inhparent))
    AND NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = r.oid AND a.attacl IS NOT NULL)
    AND NOT EXISTS (SELECT FROM pg_statistic_ext AS x WHERE x.stxrelid = r.oid)
    AND NOT EXISTS (SELECT FROM pg_seclabel AS l WHERE l.objoid = r.oid)
    AND NOT EXISTS (SELECT FROM pg_depend AS e WHERE e.objid = r.oid AND e.deptype IN ('e', 'x'))
    AND NOT EXISTS (SELECT FROM pg_publication_rel AS m WHERE m.prrelid = r.oid)
    -- A constraint says how its triggers, which may lie on another table, are switched.
    AND NOT EXISTS (SELECT FROM pg_trigger AS g WHERE g.tgrelid = r.oid AND g.tgisinternal AND g.tgenabled <> 'O')
"""

_RELATION = f"""
json_build_object(
    'oid', r.oid::bigint, 'schema', r.nspname, 'name', r.relname, 'kind', r.relkind,
    'columns', (
        SELECT coalesce(json_object_agg(a.attnum, a.attname), '{{}}')
        FROM pg_attribute AS a
        WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    ),
    'indexes', (SELECT coalesce(json_agg(i.indexrelid::bigint), '[]') FROM pg_index AS i WHERE i.indrelid = r.oid),
    'parts', array_to_string(ARRAY[{_PARTS}], ''),
    'alone', {_ALONE}
)
"""  # noqa: S608 - our own text

_OWNER = "(SELECT datdba FROM pg_database WHERE datname = current_database()) AS b"

_ALL = f"""
SELECT coalesce(json_agg({_RELATION}), '[]')::text
FROM (
    SELECT c.*, n.nspname
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND c.relpersistence <> 't'
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
) AS r
CROSS JOIN {_OWNER}
"""  # noqa: S608 - our own text

# One statement: what was written down, and the relations that it is about as they are now. `others` counts what is said
# of anything but relations and their parts; `drops` are the names of dropped parts' and relations' homes.
_TOUCHED = f"""
WITH said AS (DELETE FROM headworks_gate.touched RETURNING *),
about AS (
    SELECT
        s.*,
        CASE
            WHEN s.dropped THEN NULL
            WHEN s.class = 'pg_class'::regclass
                THEN coalesce((SELECT i.indrelid FROM pg_index AS i WHERE i.indexrelid = s.object), s.object)
            WHEN s.class = 'pg_constraint'::regclass
                THEN (SELECT nullif(k.conrelid, 0) FROM pg_constraint AS k WHERE k.oid = s.object)
            WHEN s.class = 'pg_trigger'::regclass THEN (SELECT g.tgrelid FROM pg_trigger AS g WHERE g.oid = s.object)
            WHEN s.class = 'pg_policy'::regclass THEN (SELECT p.polrelid FROM pg_policy AS p WHERE p.oid = s.object)
            WHEN s.class = 'pg_rewrite'::regclass THEN (SELECT r.ev_class FROM pg_rewrite AS r WHERE r.oid = s.object)
        END AS relation
    FROM said AS s
),
relation AS (
    SELECT DISTINCT
        c.oid, n.nspname, c.relname, c.relkind, c.relowner, c.relacl::text, c.relhastriggers, c.relhasrules
    FROM (
        SELECT relation AS oid FROM about
        UNION ALL
        -- A serial or identity column says what its sequence is like.
        SELECT d.refobjid
        FROM about AS a
        JOIN pg_depend AS d
            ON d.classid = 'pg_class'::regclass AND d.objid = a.relation
            AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
    ) AS one
    JOIN pg_class AS c ON c.oid = one.oid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relpersistence <> 't'
)
SELECT json_build_object(
    'relations', (
        SELECT coalesce(json_agg({_RELATION}), '[]')
        FROM relation AS r
        CROSS JOIN {_OWNER}
    ),
    'drops', (
        SELECT coalesce(json_agg(DISTINCT jsonb_build_object(
            'oid', CASE WHEN a.class = 'pg_class'::regclass AND a.part = 0 THEN a.object::bigint ELSE 0 END,
            'names', to_jsonb(a.names), 'identity', a.identity, 'type', a.class = 'pg_type'::regclass,
            'direct', a.direct
        )), '[]')
        FROM about AS a
        WHERE a.dropped AND a.class IN (
            'pg_class'::regclass, 'pg_constraint'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass,
            'pg_rewrite'::regclass, 'pg_attrdef'::regclass, 'pg_type'::regclass
        )
    ),
    'others', (
        SELECT count(*) FROM about AS a
        WHERE a.class IS NULL OR a.object IS NULL OR CASE
            WHEN a.dropped THEN a.class NOT IN (
                'pg_class'::regclass, 'pg_constraint'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass,
                'pg_rewrite'::regclass, 'pg_attrdef'::regclass, 'pg_type'::regclass
            )
            -- What has been dropped since has a row that says so.
            ELSE a.relation IS NULL AND (a.class NOT IN (
                'pg_class'::regclass, 'pg_constraint'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass,
                'pg_rewrite'::regclass
            ) OR NOT EXISTS (SELECT FROM about AS d WHERE d.dropped AND d.class = a.class AND d.object = a.object))
        END
    ),
    'mark', (
        SELECT concat_ws(E'\\n', b.xmin, b.datdba, b.datacl, (
            SELECT string_agg(s.setrole || '=' || s.setconfig::text, ',' ORDER BY s.setrole)
            FROM pg_db_role_setting AS s WHERE s.setdatabase IN (0, b.oid)
        ), (
            SELECT md5(string_agg(o.oid || '=' || o.rolname, ',' ORDER BY o.oid)) FROM pg_roles AS o
        ), (
            SELECT string_agg(concat(v.oid, '=', v.xmin, ' ', vd.description), ',' ORDER BY v.oid)
            FROM pg_event_trigger AS v
            LEFT JOIN pg_description AS vd ON vd.classoid = 'pg_event_trigger'::regclass AND vd.objoid = v.oid
        ), (
            SELECT string_agg(t.description, ',') FROM pg_shdescription AS t
            WHERE t.classoid = 'pg_database'::regclass AND t.objoid = b.oid
        ), (
            SELECT string_agg(concat(l.provider, '=', l.label), ',' ORDER BY l.provider) FROM pg_shseclabel AS l
            WHERE l.classoid = 'pg_database'::regclass AND l.objoid = b.oid
        ), (
            SELECT string_agg(concat(u.oid, '=', u.xmin), ',' ORDER BY u.oid) FROM pg_subscription AS u
            WHERE u.subdbid = b.oid
        ))
        FROM pg_database AS b WHERE b.datname = current_database()
    )
)::text
"""  # noqa: S608 - our own text


class Relation(msgspec.Struct, frozen=True):
    """A relation: its names, its `relkind`, and whether its own parts say all that there is to say of it (`alone`).

    `columns` are names by number; `parts` has a `t` where there may be triggers, an `r` for rules, a `p` for policies.
    """

    oid: int
    schema: str
    name: str
    kind: str
    columns: dict[int, str]
    indexes: tuple[int, ...]
    parts: str
    alone: bool


class Drop(msgspec.Struct, frozen=True):
    """Something dropped; `oid` is 0 where it was no relation or index.

    `direct` is what the command named, or CASCADE took along: not what belonged to either, such as the triggers that a
    foreign key has on the table that it refers to.
    """

    oid: int
    names: list[str] | None
    identity: str
    type: bool
    direct: bool


class Touched(msgspec.Struct, frozen=True):
    """All that was written down since it was last asked for; `mark` is what no event trigger hears of."""

    relations: tuple[Relation, ...]
    drops: tuple[Drop, ...]
    others: int
    mark: str


_TOUCHED_DECODER = msgspec.json.Decoder(Touched)
_ALL_DECODER = msgspec.json.Decoder(tuple[Relation, ...])


def track(connection: "psycopg.Connection[Any]") -> bool:
    """Have this database write down what DDL touches; false where the role may not (event triggers: superusers)."""
    try:
        connection.execute(_TRACK.encode(), prepare=False)
    except psycopg.Error:
        if not connection.closed:
            connection.execute("ROLLBACK")
        return False
    return True


def touched(connection: "psycopg.Connection[Any]") -> Touched:
    """What was touched since the last call. Raises psycopg's errors, also where a revision dropped what tracks it."""
    return _TOUCHED_DECODER.decode(_one(connection, _TOUCHED))


def relations(connection: "psycopg.Connection[Any]") -> tuple[Relation, ...]:
    """All relations of the database."""
    return _ALL_DECODER.decode(_one(connection, _ALL))


def _one(connection: "psycopg.Connection[Any]", statement: str) -> str:
    row = psycopg.Cursor(connection, row_factory=tuple_row).execute(statement.encode(), prepare=True).fetchone()
    assert row is not None
    return str(row[0])
