"""Small schemas and single changes of them, for hypothesis. Every change is one that a person could make by hand."""

from dataclasses import dataclass, field

from hypothesis import strategies as st

__all__ = ["Made", "Tab", "changes", "schemas"]

TYPES = (
    "integer", "bigint", "text", "varchar(20)", "numeric(10,2)", "boolean", "timestamptz", "date", "jsonb", "uuid",
    "text[]", "bytea", "interval", "mood", "cents",
)  # fmt: skip
DEFAULTS = {
    "integer": ("1", "1 + 1", "(-3)"), "text": ("''", "'it''s'", "'a' || 'b'"), "timestamptz": ("now()",),
    "boolean": ("true", "(NOT false)"), "numeric(10,2)": ("0", "1.50"), "mood": ("'ok'",), "jsonb": ("'{}'",),
}  # fmt: skip
NAMES = ("a", "b_c", "order", "Mixed", "with space", 'quo"te', "d.ot", "étoile", "x" * 63, "$", "select")
EVERYWHERE = (
    "CREATE TYPE mood AS ENUM ('ok', 'low')",
    "CREATE DOMAIN cents AS numeric(12,2) CHECK (VALUE >= 0)",
    "CREATE FUNCTION f(n integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n'",
    "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE SEQUENCE numbers",
    "CREATE SCHEMA apart",
)


def q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@dataclass(frozen=True)
class Tab:
    """A table: quoted names and types of its columns, and the names of what is on it."""

    name: str
    columns: tuple[tuple[str, str], ...]
    index: str
    check: str


@dataclass(frozen=True)
class Made:
    """A schema: what must come first, what may come in any order after it, and what there is to change."""

    first: tuple[str, ...]
    rest: tuple[str, ...]
    tables: tuple[Tab, ...]
    views: tuple[str, ...] = field(default=())

    @property
    def statements(self) -> tuple[str, ...]:
        return (*self.first, *self.rest)


@st.composite
def schemas(draw: st.DrawFn) -> Made:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    first, rest, tables = list(EVERYWHERE), [], []
    for number, name in enumerate(names):
        columns = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
        typed = tuple((q(one), draw(st.sampled_from(TYPES))) for one in columns)
        lines = ["id integer PRIMARY KEY" if draw(st.booleans()) else "id integer GENERATED ALWAYS AS IDENTITY UNIQUE"]
        for column, kind in typed:
            default = (
                f" DEFAULT {draw(st.sampled_from(DEFAULTS[kind]))}" if kind in DEFAULTS and draw(st.booleans()) else ""
            )
            lines.append(f"{column} {kind}{default}{' NOT NULL' if draw(st.booleans()) else ''}")
        check = f"ck_{number}"
        lines.append(f"CONSTRAINT {check} CHECK (id > {number})")
        first.append(f"CREATE TABLE {q(name)} ({', '.join(lines)})")
        index = f"ix_{number}"
        where = " WHERE id > 5" if draw(st.booleans()) else ""
        rest.append(
            f"CREATE {draw(st.sampled_from(('', 'UNIQUE ')))}INDEX {index} ON {q(name)} (id{where and ', id'}){where}"
        )
        if tables and draw(st.booleans()):
            rest.append(
                f"ALTER TABLE {q(name)} ADD CONSTRAINT fk_{number} FOREIGN KEY (id) REFERENCES {tables[0].name} (id)"
            )
        if draw(st.booleans()):
            rest.append(f"COMMENT ON COLUMN {q(name)}.{typed[0][0]} IS 'a comment'")
        tables.append(Tab(q(name), typed, index, check))
    if draw(st.booleans()):
        rest.append(f"CREATE TRIGGER touched BEFORE UPDATE ON {tables[0].name} FOR EACH ROW EXECUTE FUNCTION touch()")
    rest.append(f"CREATE VIEW seen AS SELECT t.id, o.id AS other FROM {tables[0].name} t, {tables[-1].name} o")
    return Made(tuple(first), tuple(rest), tuple(tables))


def changes(made: Made) -> st.SearchStrategy[tuple[str, ...]]:
    """One change of the schema, or something that is none (rows, maintenance, what is undone at once)."""
    return st.sampled_from(made.tables).flatmap(
        lambda table: st.sampled_from([*_of_table(table), *_of_others(), *_nothing(table)])
    )


def _of_table(table: Tab) -> list[tuple[str, ...]]:
    column, kind = table.columns[-1]
    on = f"ALTER TABLE {table.name}"
    return [
        (f"{on} ADD hot integer",),
        (f"{on} DROP COLUMN {column} CASCADE",),
        (f"{on} RENAME {column} TO hot",),
        (f"{on} RENAME TO hot",),
        (f"{on} ALTER {column} SET NOT NULL",),
        (f"{on} ALTER {column} DROP NOT NULL",),
        (f"{on} ALTER {column} DROP DEFAULT",),
        (f"{on} ALTER {column} SET DEFAULT NULL",),
        (f"{on} ALTER {column} SET STATISTICS 7",),
        (f"{on} ALTER {column} SET STORAGE {'EXTERNAL' if kind in ('text', 'jsonb', 'bytea', 'text[]') else 'PLAIN'}",),
        (f"{on} ALTER {column} SET (n_distinct = 5)",),
        (f"{on} ENABLE ROW LEVEL SECURITY",),
        (f"{on} FORCE ROW LEVEL SECURITY",),
        (f"{on} SET (fillfactor = 70)",),
        (f"{on} SET UNLOGGED",),
        (f"{on} REPLICA IDENTITY FULL",),
        (f"{on} CLUSTER ON {table.index}",),
        (f"{on} SET SCHEMA apart",),
        (f"{on} DROP CONSTRAINT {table.check}",),
        (f"{on} RENAME CONSTRAINT {table.check} TO hot",),
        (f"{on} ADD CONSTRAINT hot CHECK (id < 99) NOT VALID",),
        (f"{on} ADD CONSTRAINT hot CHECK (id < 99) NOT VALID", f"{on} VALIDATE CONSTRAINT hot"),
        (f"{on} ADD CONSTRAINT hot UNIQUE (id) DEFERRABLE",),
        (f"{on} ADD CONSTRAINT hot EXCLUDE USING btree (id WITH =)",),
        (f"DROP INDEX {table.index}",),
        (f"ALTER INDEX {table.index} RENAME TO hot",),
        (f"ALTER INDEX {table.index} SET (fillfactor = 50)",),
        (f"CREATE INDEX ON {table.name} ({column}, id DESC NULLS LAST)",) if kind != "jsonb" else ("SELECT 1",),
        (f"CREATE INDEX hot ON {table.name} ((id + 1)) INCLUDE (id)",),
        (f"COMMENT ON TABLE {table.name} IS 'hot'",),
        (f"COMMENT ON CONSTRAINT {table.check} ON {table.name} IS 'hot'",),
        (f"COMMENT ON INDEX {table.index} IS 'hot'",),
        (f"GRANT SELECT ON {table.name} TO PUBLIC",),
        (f"GRANT UPDATE ({column}) ON {table.name} TO PUBLIC",),
        (f"REVOKE INSERT ON {table.name} FROM CURRENT_USER",),
        (f"CREATE POLICY hot ON {table.name} USING (id > 0)",),
        (f"CREATE RULE hot AS ON DELETE TO {table.name} DO INSTEAD NOTHING",),
        (f"CREATE STATISTICS hot (ndistinct) ON id, {column} FROM {table.name}",) if kind != "jsonb" else ("SELECT 1",),
        (f"CREATE TRIGGER hot AFTER INSERT ON {table.name} EXECUTE FUNCTION touch()",),
        (f"DROP TABLE {table.name} CASCADE",),
        (f"CREATE TABLE hot (LIKE {table.name} INCLUDING ALL)",),
        (f"CREATE TABLE hot () INHERITS ({table.name})",),
        (f"CREATE MATERIALIZED VIEW hot AS SELECT id FROM {table.name}",),
        (f"CREATE PUBLICATION hot FOR TABLE {table.name}",),
    ]


def _of_others() -> list[tuple[str, ...]]:
    return [
        ("ALTER TYPE mood ADD VALUE 'hot' BEFORE 'low'",),
        ("ALTER TYPE mood RENAME VALUE 'low' TO 'hot'",),
        ("ALTER DOMAIN cents SET NOT NULL",),
        ("ALTER DOMAIN cents SET DEFAULT 7",),
        ("ALTER DOMAIN cents ADD CONSTRAINT hot CHECK (VALUE < 1000)",),
        ("ALTER FUNCTION f VOLATILE",),
        ("ALTER FUNCTION f COST 7",),
        ("ALTER FUNCTION f SET search_path = ''",),
        ("ALTER FUNCTION touch SECURITY DEFINER",),
        ("CREATE OR REPLACE FUNCTION f(n integer DEFAULT 2) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n'",),
        ("REVOKE EXECUTE ON FUNCTION f FROM PUBLIC",),
        ("CREATE FUNCTION f(n bigint) RETURNS integer LANGUAGE sql AS 'SELECT 1'",),
        ("CREATE AGGREGATE hot (integer) (SFUNC = int4pl, STYPE = integer)",),
        ("CREATE TYPE hot AS RANGE (SUBTYPE = integer)",),
        ("CREATE TYPE hot AS (x integer)",),
        ("CREATE TYPE hot",),
        ("CREATE COLLATION hot (provider = libc, locale = 'C')",),
        ("CREATE OPERATOR === (FUNCTION = int4eq, LEFTARG = integer, RIGHTARG = integer)",),
        ("CREATE TEXT SEARCH CONFIGURATION hot (COPY = simple)",),
        ("CREATE TEXT SEARCH DICTIONARY hot (TEMPLATE = simple)",),
        ("ALTER SEQUENCE numbers INCREMENT 2 CYCLE",),
        ("ALTER SEQUENCE numbers AS smallint",),
        ("ALTER VIEW seen SET (security_invoker = true)",),
        ("ALTER VIEW seen RENAME id TO hot",),
        ("DROP VIEW seen",),
        ("COMMENT ON VIEW seen IS 'hot'",),
        ("CREATE EXTENSION citext",),
        ("CREATE SCHEMA hot",),
        ("COMMENT ON SCHEMA apart IS 'hot'",),
        ("GRANT USAGE ON SCHEMA apart TO PUBLIC",),
        ("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",),
        ("CREATE FOREIGN DATA WRAPPER hot",),
        ("CREATE CAST (integer AS mood) WITH INOUT",),
        ("CREATE OPERATOR FAMILY hot USING btree",),
        ("CREATE CONVERSION hot FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",),
    ]


def _nothing(table: Tab) -> list[tuple[str, ...]]:
    return [
        ("VACUUM",),
        (f"ANALYZE {table.name}",),
        (f"REINDEX TABLE {table.name}",),
        ("SELECT nextval('numbers')",),
        ("CREATE TEMP TABLE gone (id integer)",),
        (f"ALTER TABLE {table.name} ADD hot integer", f"ALTER TABLE {table.name} DROP hot"),
        (f"COMMENT ON TABLE {table.name} IS 'x'", f"COMMENT ON TABLE {table.name} IS NULL"),
        (f"GRANT SELECT ON {table.name} TO PUBLIC", f"REVOKE SELECT ON {table.name} FROM PUBLIC"),
        (f"ALTER TABLE {table.name} RENAME TO hot", f"ALTER TABLE hot RENAME TO {table.name}"),
        (f"ALTER TABLE {table.name} SET (fillfactor = 70)", f"ALTER TABLE {table.name} RESET (fillfactor)"),
        (f"ALTER TABLE {table.name} ENABLE ROW LEVEL SECURITY", f"ALTER TABLE {table.name} DISABLE ROW LEVEL SECURITY"),
        ("CREATE SCHEMA hot", "DROP SCHEMA hot"),
    ]
