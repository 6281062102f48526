"""Seeding a real server: what is written, what is left alone, what is refused, and that failures leave nothing."""

import runpy
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from headworks import seed
from headworks.errors import ExitCode
from headworks.findings import ObjectRef
from headworks.seed import errors
from headworks.seed.apply import LOCK

CASES = Path(__file__).parents[1] / "cases" / "seed"
MODELS = SimpleNamespace(**runpy.run_path(str(CASES / "models.py")))
METADATAS = (MODELS.core, MODELS.other)

ROLES = """
table: roles
key: [slug]
mode: sync
rows:
  - {slug: admin, name: Admin, rank: 9}
  - {slug: editor, name: Editor, description: ~}
"""
PERMISSIONS = """
table: permissions
key: [resource, verb]
mode: sync
rows:
  - {resource: orders, verb: read}
  - {resource: orders, verb: refund}
"""
GRANTS = """
table: grants
key: [role, permission]
mode: sync
rows:
  - {role: admin, permission: [orders, refund], note: all}
  - {role: editor, permission: {resource: orders, verb: read}}
"""


@pytest.fixture
def url(make_database: Callable[..., str]) -> str:
    """A database with the tables of the test models."""
    url = make_database()
    engine = sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text('CREATE SCHEMA "My Schema"'))
        MODELS.core.create_all(connection)
        MODELS.other.create_all(connection)
    return url


@pytest.fixture
def connection(url: str) -> "Iterator[psycopg.Connection[Any]]":
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., seed.SeedSet]:
    """Write the files of a set, over those of the call before, and load it."""

    def load(**files: str) -> seed.SeedSet:
        for name, text in files.items():
            suffix = "csv" if name.endswith("_csv") else "yaml"
            (tmp_path / f"{name.removesuffix('_csv')}.{suffix}").write_text(text, encoding="utf-8")
        return seed.load_set(tmp_path, METADATAS)

    return load


def _rows(connection: "psycopg.Connection[Any]", query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()


def _physical(connection: "psycopg.Connection[Any]", *tables: str) -> list[Any]:
    """What changes when a row is written at all."""
    return [_rows(connection, f"SELECT ctid::text, xmin::text, t::text FROM {table} t ORDER BY 1") for table in tables]


def _counts(result: seed.SeedResult) -> dict[str, tuple[int, int, int, int]]:
    return {each.table.name: (each.inserted, each.updated, each.unchanged, each.deleted) for each in result.tables}


def test_a_second_run_writes_nothing(connection, load) -> None:
    loaded = load(roles=ROLES, permissions=PERMISSIONS, grants=GRANTS)
    assert _counts(seed.apply(connection, [loaded])) == {
        "permissions": (2, 0, 0, 0),
        "roles": (2, 0, 0, 0),
        "grants": (2, 0, 0, 0),
    }
    before = _physical(connection, "roles", "permissions", "grants")
    result = seed.apply(connection, [loaded], prune=True)
    assert (result.written, _counts(result)["grants"]) == (0, (0, 0, 2, 0))
    assert _physical(connection, "roles", "permissions", "grants") == before
    assert len(seed.plan(connection, [loaded])) == 0


def test_only_the_rows_and_columns_that_differ_are_written(connection, load) -> None:
    loaded = load(roles=ROLES)
    seed.apply(connection, [loaded])
    ids = _rows(connection, "SELECT slug, id FROM roles ORDER BY 1")
    connection.execute("UPDATE roles SET name = 'Chief', description = 'kept' WHERE slug = 'admin'")
    before = _rows(connection, "SELECT xmin::text FROM roles WHERE slug = 'editor'")
    (change,) = seed.plan(connection, [loaded])
    assert (change.action, change.key, change.old, change.new, change.line) == (
        seed.Action.UPDATE,
        {"slug": "admin"},
        {"name": "Chief"},
        {"name": "Admin"},
        6,
    )
    assert change.table == ObjectRef(kind="table", name="roles")
    assert _counts(seed.apply(connection, [loaded])) == {"roles": (0, 1, 1, 0)}
    # the row of the file does not give `description`, so nobody touched it
    assert _rows(connection, "SELECT name, description, rank FROM roles WHERE slug = 'admin'") == [("Admin", "kept", 9)]
    assert _rows(connection, "SELECT xmin::text FROM roles WHERE slug = 'editor'") == before
    assert _rows(connection, "SELECT slug, id FROM roles ORDER BY 1") == ids


def test_a_plan_writes_nothing_and_leaves_no_transaction(url, load) -> None:
    loaded = load(roles=ROLES)
    for autocommit in (True, False):
        with psycopg.connect(url, autocommit=autocommit) as connection:
            plan = seed.plan(connection, [loaded])
            assert [change.action for change in plan] == [seed.Action.INSERT] * 2
            assert plan.count(seed.Action.INSERT) == plan.count(seed.Action.INSERT, ObjectRef("table", "roles")) == 2
            assert connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE
            assert _rows(connection, "SELECT count(*) FROM roles") == [(0,)]


@pytest.mark.parametrize("autocommit", [True, False])
def test_an_idle_connection_is_committed_and_an_open_transaction_is_left_to_the_caller(url, load, autocommit) -> None:
    loaded = load(roles=ROLES)
    with psycopg.connect(url, autocommit=autocommit) as connection:
        seed.apply(connection, [loaded])
    with psycopg.connect(url, autocommit=autocommit) as connection:
        assert _rows(connection, "SELECT count(*) FROM roles") == [(2,)]
        connection.rollback()
        with connection.transaction(force_rollback=True):
            connection.execute("DELETE FROM roles")
            connection.execute("SET LOCAL lock_timeout = '7s'")
            assert seed.apply(connection, [loaded]).written == 2
            assert _rows(connection, "SELECT current_setting('lock_timeout')") == [("7s",)]
        assert seed.apply(connection, [loaded]).written == 0


def test_a_connection_whose_rows_are_no_tuples(url, load) -> None:
    loaded = load(roles=ROLES, permissions=PERMISSIONS, grants=GRANTS)
    with psycopg.connect(url, row_factory=psycopg.rows.dict_row) as connection:
        assert seed.apply(connection, [loaded]).written == 6
        assert len(seed.plan(connection, [loaded])) == 0
        emptied = load(grants=GRANTS.partition("rows:")[0] + "rows: []\n")
        assert seed.apply(connection, [emptied], prune=True).written == 2


def test_insert_never_touches_what_is_there(connection, load) -> None:
    seed.apply(connection, [load(roles=ROLES)])
    loaded = load(roles=ROLES.replace("sync", "insert").replace("Editor", "Changed") + "  - {slug: new, name: New}\n")
    assert [change.key for change in seed.plan(connection, [loaded])] == [{"slug": "new"}]
    assert _counts(seed.apply(connection, [loaded], prune=True)) == {"roles": (1, 0, 2, 0)}
    assert _rows(connection, "SELECT name FROM roles ORDER BY slug") == [("Admin",), ("Editor",), ("New",)]


def test_rows_that_left_the_file_go_only_when_pruning(connection, load) -> None:
    seed.apply(connection, [load(roles=ROLES)])
    loaded = load(roles=ROLES.replace("  - {slug: admin, name: Admin, rank: 9}\n", ""))
    (finding,) = seed.findings(seed.plan(connection, [loaded]))
    assert (finding.rule, finding.actual["name"], finding.expected) == ("seed.extra-row", "Admin", None)
    result = seed.apply(connection, [loaded])
    assert (result.written, result.tables[0].extra) == (0, 1)
    assert _counts(seed.apply(connection, [loaded], prune=True)) == {"roles": (0, 0, 1, 1)}
    assert _rows(connection, "SELECT slug FROM roles") == [("editor",)]


def test_upsert_leaves_rows_that_are_not_in_the_file(connection, load) -> None:
    seed.apply(connection, [load(roles=ROLES)])
    loaded = load(roles="table: roles\nkey: slug\nrows: []\n")
    assert len(seed.plan(connection, [loaded])) == 0
    assert seed.apply(connection, [loaded], prune=True).written == 0


EMPTY_ROLES = "table: roles\nkey: slug\nmode: sync\nrows: []\n"


@pytest.mark.parametrize(
    ("referring", "insert"),
    [
        (
            "grants",  # ON DELETE CASCADE
            "INSERT INTO grants (role_id, permission_id) SELECT roles.id, permissions.id FROM roles, permissions"
            " WHERE slug = 'admin'",
        ),
        ("badges", "INSERT INTO badges (label, role_id) SELECT 'b', id FROM roles WHERE slug = 'admin'"),  # SET NULL
        ("cities", "INSERT INTO cities (name, home_of) SELECT 'b', id FROM roles WHERE slug = 'admin'"),
        (
            "prisma",  # a table that the models do not know
            "CREATE TABLE prisma (r uuid REFERENCES roles ON DELETE CASCADE);"
            "INSERT INTO prisma SELECT id FROM roles WHERE slug = 'admin'",
        ),
        (
            "badges",  # a foreign key that the database does not have, though the models do
            "ALTER TABLE badges DROP CONSTRAINT badges_role_id_fkey;"
            "INSERT INTO badges (label, role_id) SELECT 'b', id FROM roles WHERE slug = 'admin'",
        ),
    ],
)
def test_a_row_that_is_referred_to_is_not_removed(connection, load, referring, insert) -> None:
    seed.apply(connection, [load(roles=ROLES, permissions=PERMISSIONS)])
    connection.execute(insert)
    connection.execute("DELETE FROM permissions WHERE verb = 'refund' AND id NOT IN (SELECT permission_id FROM grants)")
    before = _physical(connection, "roles", "permissions", referring)
    with pytest.raises(errors.RowReferencedError) as raised:
        seed.apply(connection, [load(roles=EMPTY_ROLES)], prune=True)
    assert (raised.value.key, raised.value.referencing) == ("slug=admin", f"table public.{referring}")
    assert raised.value.exit_code is ExitCode.FAILED
    assert referring in str(raised.value)
    assert _physical(connection, "roles", "permissions", referring) == before


def test_rows_that_refer_to_one_another_leave_together(connection, load) -> None:
    tree = "table: categories\nkey: slug\nmode: sync\nrows:\n"
    rows = ["  - {slug: c, name: C, parent: b}\n", "  - {slug: b, name: B, parent: a}\n", "  - {slug: a, name: A}\n"]
    seed.apply(
        connection,
        [load(roles=ROLES, permissions=PERMISSIONS, grants=GRANTS, categories=tree + "".join(rows))],
    )
    emptied = {
        name: text.partition("rows:")[0] + "rows: []\n"
        for name, text in (("roles", ROLES), ("permissions", PERMISSIONS), ("grants", GRANTS))
    }
    result = seed.apply(connection, [load(**emptied, categories=tree + rows[2])], prune=True)
    assert {each.table.name: each.deleted for each in result.tables} == {
        "roles": 2,
        "permissions": 2,
        "grants": 2,
        "categories": 2,
    }


def test_rows_that_would_leave_together_stay_together_when_one_is_held(connection, load) -> None:
    """The role goes with its grant, which cascades from it; but a limit holds the grant."""
    limits = "table: limits\nkey: code\nrows:\n  - {code: a, per_day: 3, grant: [admin, [orders, refund]]}\n"
    seed.apply(connection, [load(roles=ROLES, permissions=PERMISSIONS, grants=GRANTS, limits=limits)])
    before = _physical(connection, "roles", "grants", "limits")
    emptied = load(
        roles=EMPTY_ROLES,
        grants=GRANTS.partition("rows:")[0] + "rows: []\n",
        limits="table: limits\nkey: code\nrows: []\n",
    )
    with pytest.raises(errors.RowReferencedError) as raised:
        seed.apply(connection, [emptied], prune=True)
    assert (raised.value.table, raised.value.referencing) == ("grants", "table public.limits")
    assert _physical(connection, "roles", "grants", "limits") == before


def test_many_rows(connection, load) -> None:
    rows = "".join(f"r{number},Role {number},{number % 100}\n" for number in range(6000))
    loaded = load(roles="table: roles\nkey: slug\nmode: sync\nrows: roles.csv\n", roles_csv="slug,name,rank\n" + rows)
    assert seed.apply(connection, [loaded], prune=True).written == 6000
    assert seed.apply(connection, [loaded], prune=True).written == 0


def test_a_row_whose_last_reference_is_moved_in_the_same_run_can_go(connection, load) -> None:
    tree = "table: categories\nkey: slug\nmode: sync\nrows:\n"
    seed.apply(connection, [load(categories=tree + "  - {slug: a, name: A}\n  - {slug: b, name: B, parent: a}\n")])
    loaded = load(categories=tree + "  - {slug: c, name: C}\n  - {slug: b, name: B, parent: c}\n")
    assert _counts(seed.apply(connection, [loaded], prune=True)) == {"categories": (1, 1, 0, 1)}
    assert len(seed.plan(connection, [loaded])) == 0


def test_a_tree_in_any_order_and_moved_below_a_new_row(connection, load) -> None:
    head = "table: categories\nkey: slug\nrows:\n"
    first = "  - {slug: leaf, name: Leaf, parent: branch}\n  - {slug: branch, name: Branch, parent: root}\n"
    seed.apply(connection, [load(categories=head + first + "  - {slug: root, name: Root, parent: ~}\n")])
    path = "SELECT c.slug, p.slug FROM categories c LEFT JOIN categories p ON p.id = c.parent_id ORDER BY c.name"
    assert _rows(connection, path) == [("branch", "root"), ("leaf", "branch"), ("root", None)]
    moved = load(categories=head + first + "  - {slug: root, name: Root, parent: sky}\n  - {slug: sky, name: Sky}\n")
    plan = seed.plan(connection, [moved])
    assert [(change.key["slug"], change.old, change.new) for change in plan] == [
        ("sky", {}, {"slug": "sky", "name": "Sky"}),
        ("root", {"parent": None}, {"parent": "sky"}),
    ]
    seed.apply(connection, [moved])
    assert ("root", "sky") in _rows(connection, path)
    assert seed.apply(connection, [moved]).written == 0


def test_rows_that_name_each_other_are_closed_in_a_second_pass(connection, load) -> None:
    twins = "table: cities\nkey: name\nrows:\n  - {name: A, twin: B}\n  - {name: B, twin: A}\n  - {name: C, twin: C}\n"
    loaded = load(cities=twins)
    assert seed.apply(connection, [loaded]).written == 3
    query = "SELECT c.name, t.name FROM cities c JOIN cities t ON t.id = c.twin_id ORDER BY 1"
    assert _rows(connection, query) == [("A", "B"), ("B", "A"), ("C", "C")]
    assert seed.apply(connection, [loaded]).written == 0


def test_two_tables_that_name_each_other(connection, load) -> None:
    loaded = load(
        teams="table: teams\nkey: code\nrows:\n  - {code: core, lead: ann@x}\n",
        people="table: people\nkey: email\nrows:\n  - {email: ann@x, team: core}\n",
    )
    assert _counts(seed.apply(connection, [loaded])) == {"teams": (1, 0, 0, 0), "people": (1, 0, 0, 0)}
    query = "SELECT email FROM people p JOIN teams t ON t.id = p.team_id AND t.lead_id = p.id"
    assert _rows(connection, query) == [("ann@x",)]
    before = _physical(connection, "teams", "people")
    assert seed.apply(connection, [loaded]).written == 0
    assert _physical(connection, "teams", "people") == before


def test_a_reference_across_metadata_objects_and_one_through_a_key_of_references(connection, load) -> None:
    loaded = load(
        roles=ROLES,
        permissions=PERMISSIONS,
        grants=GRANTS,
        badges="table: badges\nkey: label\nrows:\n  - {label: gold, role: admin}\n  - {label: tin, role: ~}\n",
        limits="table: limits\nkey: code\nrows:\n  - {code: a, per_day: 3, grant: [admin, [orders, refund]]}\n",
    )
    seed.apply(connection, [loaded])
    assert _rows(connection, "SELECT label, slug FROM badges LEFT JOIN roles ON roles.id = role_id ORDER BY 1") == [
        ("gold", "admin"),
        ("tin", None),
    ]
    assert _rows(connection, "SELECT code, note FROM limits JOIN grants ON grants.id = grant_id") == [("a", "all")]
    assert seed.apply(connection, [loaded]).written == 0
    connection.execute("UPDATE limits SET grant_id = (SELECT id FROM grants WHERE note IS NULL)")
    (change,) = seed.plan(connection, [loaded])
    assert (change.old, change.new) == ({"grant": "editor, orders, read"}, {"grant": "admin, orders, refund"})


def test_a_reference_to_a_table_that_no_file_seeds_is_looked_up(connection, load) -> None:
    badges = load(badges="table: badges\nkey: label\nrows:\n  - {label: gold, role: admin}\n")
    for act in (seed.plan, seed.apply):
        with pytest.raises(errors.UnknownReferenceError) as raised:
            act(connection, [badges])
        assert (raised.value.line, raised.value.column, raised.value.value) == (4, 25, "'admin'")
    connection.execute("INSERT INTO roles (slug, name) VALUES ('admin', 'A')")
    assert seed.apply(connection, [badges]).written == 1


def test_two_seeders_take_turns(url, load) -> None:
    loaded = load(roles=ROLES, permissions=PERMISSIONS, grants=GRANTS)
    results: list[seed.SeedResult] = []

    def run() -> None:
        with psycopg.connect(url) as connection:
            results.append(seed.apply(connection, [loaded]))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.written for result in results) == [0, 0, 0, 6]


def test_the_lock_is_not_waited_for_forever(url, connection, load) -> None:
    loaded = load(roles=ROLES)
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        with pytest.raises(seed.SeedLockedError) as raised:
            seed.apply(connection, [loaded], lock_timeout=0.1)
        assert str(other.info.backend_pid) in str(raised.value)
        other.rollback()
        other.execute("LOCK TABLE roles IN SHARE MODE")
        with pytest.raises(seed.SeedLockedError) as raised:
            seed.apply(connection, [loaded], lock_timeout=0.1)
        assert "table roles" in str(raised.value)
    assert raised.value.exit_code is ExitCode.FAILED
    assert _rows(connection, "SELECT count(*) FROM roles") == [(0,)]


def test_a_failure_in_the_middle_leaves_nothing_and_names_the_line(connection, load) -> None:
    loaded = load(permissions=PERMISSIONS, roles=ROLES.replace("name: Editor", "name: Editor, rank: -1"))
    with pytest.raises(errors.RowViolationError) as raised:
        seed.apply(connection, [loaded])
    error = raised.value
    assert (Path(error.file).name, error.line, error.table) == ("roles.yaml", 7, "roles")
    assert "rank_not_negative" in error.constraint
    assert _rows(connection, "SELECT (SELECT count(*) FROM permissions), (SELECT count(*) FROM roles)") == [(0, 0)]


def test_a_database_that_is_behind_the_models(connection, load) -> None:
    loaded = load(roles=ROLES)
    connection.execute("ALTER TABLE roles DROP COLUMN rank")
    with pytest.raises(errors.ColumnMissingError, match="rank") as behind:
        seed.plan(connection, [loaded])
    connection.execute("ALTER TABLE roles ADD rank smallint; ALTER TABLE roles DROP CONSTRAINT roles_slug_key")
    with pytest.raises(errors.ColumnMissingError):
        seed.apply(connection, [loaded])
    connection.execute("DROP TABLE roles CASCADE")
    with pytest.raises(errors.TableMissingError) as missing:
        seed.apply(connection, [loaded])
    assert "headworks upgrade" in missing.value.advice + behind.value.advice


def test_a_database_that_is_stricter_than_the_models_names_the_line(connection, load) -> None:
    connection.execute("ALTER TABLE roles ALTER name TYPE varchar(5)")
    with pytest.raises(errors.SeedFailedError) as raised:
        seed.apply(connection, [load(roles=ROLES)])
    assert (raised.value.line, raised.value.table) == (7, "roles")


def test_a_role_without_rights(url, connection, load) -> None:
    name = f"seed_{connection.info.dbname}"
    connection.execute(f"CREATE ROLE {name}; GRANT SELECT ON roles TO {name}; SET ROLE {name}")
    try:
        with pytest.raises(errors.TableForbiddenError, match="permission denied"):
            seed.apply(connection, [load(roles=ROLES)])
    finally:
        connection.execute(f"RESET ROLE; DROP OWNED BY {name}; DROP ROLE {name}")


def test_odd_names(connection, load) -> None:
    text = """
table: 'My Schema.Odd "tables" 100%'
key: ['größe %s']
mode: sync
rows:
  - {'größe %s': 'it''s "100%"\\', 'the "n" {0}': 1, select: "$1 %s {}"}
  - {'größe %s': 日本, 'the "n" {0}': 2}
"""
    loaded = load(odd=text)
    assert seed.apply(connection, [loaded]).written == 2
    assert seed.apply(connection, [loaded]).written == 0
    connection.execute('UPDATE "My Schema"."Odd ""tables"" 100%" SET "select" = NULL')
    assert [finding.attribute for finding in seed.findings(seed.plan(connection, [loaded]))] == ["select"]
    connection.execute(seed.render_sql([loaded]))
    assert len(seed.plan(connection, [loaded])) == 0
    emptied = load(odd=text.partition("rows:")[0] + "rows: []\n")
    assert seed.apply(connection, [emptied], prune=True).tables[0].deleted == 2


KINDS = """
table: kinds
key: [code]
rows:
  - code: a
    amount: 25.5
    ratio: 0.1
    big: 9223372036854775807
    on_day: 2026-10-31
    at: 2026-10-31T12:00:00+01:00
    local: 2026-10-31T12:00:00
    clock: 12:30:00
    spell: 1 day 2 hours
    flag: true
    token: 0190A6F0-0000-7000-8000-000000000000
    colour: deep blue
    doc: {b: [1, 2.50, "x", null, true], a: {}}
    plain: {b: 1, a: [x]}
    tags: [a, "b c", 'd"e\\f', "{,}", "null", ~]
    scores: [1, -2]
    blob: '\\xdeadbeef'
    host: 192.0.2.1
    span: '[2026-01-01,2026-02-01)'
    fixed: ab
  - {code: b, doc: text, tags: [], at: infinity, amount: NaN}
  - {code: c, amount: ~, ratio: ~, big: ~, on_day: ~, flag: ~, token: ~, colour: ~, doc: ~, plain: ~, tags: ~}
"""


def test_every_kind_of_value(connection, load) -> None:
    loaded = load(kinds=KINDS)
    assert seed.apply(connection, [loaded]).written == 3
    before = _physical(connection, "kinds")
    assert seed.apply(connection, [loaded]).written == 0
    assert _physical(connection, "kinds") == before
    assert _rows(connection, "SELECT amount::text, big, tags, scores, doc, fixed FROM kinds WHERE code = 'a'") == [
        (
            "25.50",
            9223372036854775807,
            ["a", "b c", 'd"e\\f', "{,}", "null", None],
            [1, -2],
            {"b": [1, 2.5, "x", None, True], "a": {}},
            "ab ",
        )
    ]
    connection.execute('UPDATE kinds SET plain = \'{"a":  ["x"], "b": 1}\', amount = 25.50 WHERE code = \'a\'')
    assert len(seed.plan(connection, [loaded])) == 0  # the same document, the same number
    connection.execute("UPDATE kinds SET plain = '{}', tags = '{a}', at = at + interval '1 s' WHERE code = 'a'")
    (change,) = seed.plan(connection, [loaded])
    assert list(change.new) == ["at", "plain", "tags"]


def test_the_script_writes_the_same(connection, load) -> None:
    loaded = load(
        kinds=KINDS,
        roles=ROLES,
        permissions=PERMISSIONS,
        grants=GRANTS,
        badges="table: badges\nkey: label\nrows:\n  - {label: gold, role: admin}\n",
        teams="table: teams\nkey: code\nrows:\n  - {code: core, lead: ann@x}\n",
        people="table: people\nkey: email\nrows:\n  - {email: ann@x, team: core}\n",
        cities="table: cities\nkey: name\nrows:\n  - {name: A, twin: B}\n  - {name: B, twin: A}\n",
    )
    script = seed.render_sql([loaded])
    connection.execute(script)
    assert len(seed.plan(connection, [loaded])) == 0
    before = _physical(connection, "kinds", "roles", "grants", "teams", "cities")
    connection.execute(script)
    assert _physical(connection, "kinds", "roles", "grants", "teams", "cities") == before


def test_the_script_stops_at_a_reference_that_leads_nowhere(connection, load) -> None:
    script = seed.render_sql([load(badges="table: badges\nkey: label\nrows:\n  - {label: gold, role: admin}\n")])
    with pytest.raises(psycopg.errors.RaiseException, match=r"badges\.yaml:4: role names admin"):
        connection.execute(script)
    connection.rollback()
    assert _rows(connection, "SELECT count(*) FROM badges") == [(0,)]


def test_csv(connection, load) -> None:
    loaded = load(
        kinds="table: kinds\nkey: code\ndefaults: {flag: true}\nrows: kinds.csv\n",
        kinds_csv='code,doc,tags,colour,amount\na,"{""x"": 1}","{p,""q r""}",red,1.5\n"",,{},,\n"NO",,,,\n',
    )
    assert seed.apply(connection, [loaded]).written == 3
    assert _rows(connection, "SELECT code, doc, tags, colour::text, flag FROM kinds ORDER BY id") == [
        ("a", {"x": 1}, ["p", "q r"], "red", True),
        ("", None, [], None, True),
        ("NO", None, None, None, True),
    ]
    assert seed.apply(connection, [loaded]).written == 0


def test_findings_say_what_differs(connection, load) -> None:
    seed.apply(connection, [load(roles=ROLES)])
    text = ROLES.replace("name: Editor", "name: Author, rank: 2").replace("slug: admin", "slug: owner")
    missing, changed, extra = seed.findings(seed.plan(connection, [load(roles=text)]))
    assert [each.rule for each in (missing, changed, extra)] == [
        "seed.missing-row",
        "seed.changed-row",
        "seed.extra-row",
    ]
    assert (missing.expected, missing.actual) == ({"slug": "owner", "name": "Admin", "rank": "9"}, None)
    assert (changed.expected, changed.actual) == ({"name": "Author", "rank": "2"}, {"name": "Editor", "rank": "0"})
    assert (changed.line, changed.object, changed.attribute) == (7, ObjectRef("table", "roles"), None)
    assert (extra.actual["slug"], extra.expected) == ("admin", None)
