"""`gate --compat`: the release before, out of a real repository, at the new heads."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers import Headworks
from projects import Rev, sql, write_project, write_revision
from repositories import commit, git, repository

MODELS = """
import sqlalchemy as sa

metadata = sa.MetaData()
sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(40), nullable=False, unique=True),
    sa.Column("status", sa.Enum("new", "paid", name="status"), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
)
sa.Table(
    "orders",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("user_id", sa.ForeignKey("users.id"), nullable=False),
    sa.Column("note", sa.Text),
)
"""
FIRST = Rev(
    "aaa",
    sql(
        "CREATE TYPE status AS ENUM ('new', 'paid')",
        "CREATE TABLE users (id serial PRIMARY KEY, email varchar(40) NOT NULL UNIQUE, status status NOT NULL, "
        "created_at timestamptz NOT NULL DEFAULT now())",
        "CREATE TABLE orders (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users, note text)",
    ),
    sql("DROP TABLE orders", "DROP TABLE users", "DROP TYPE status"),
)
PREAMBLE = "from shop.models import metadata"


def write(folder: Path, **options: Any) -> None:
    """A project with its models in a package, at a release."""
    ini = {"prepend_sys_path": "%(here)s/src", "path_separator": ";"}
    write_project(folder, [FIRST], preamble=PREAMBLE, ini=ini, **options)
    package = folder / "src" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "models.py").write_text(MODELS)
    repository(folder)
    git(folder, "tag", "v1")


Found = tuple[list[dict[str, Any]], dict[str, Any], int]


@pytest.fixture
def compat(tmp_path: Path, headworks: Headworks, server_url: str) -> Callable[..., Found]:
    """Run it: the findings, the details, the exit code."""

    def call(*words: str, since: str = "v1") -> Found:
        said = ("gate", "--checks", "compat", "--since", since, "--format", "json", "--shadow-url", server_url, *words)
        ran = headworks(*said)
        assert ran.out, ran.err
        report = json.loads(ran.out)
        return report["findings"], report["details"]["compat"], ran.code

    return call


def named(finding: dict[str, Any]) -> str:
    """`table orders`, `column orders.note`."""
    ref = finding["object"]
    return f"{ref['kind']} {'.'.join(part for part in (ref['table'], ref['name']) if part)}"


NOT_NULL = sql(
    "ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT 1", "ALTER TABLE users ALTER COLUMN age DROP DEFAULT"
)
ENUM = sql(
    "ALTER TYPE status RENAME TO old_status",
    "CREATE TYPE status AS ENUM ('paid')",
    "ALTER TABLE users ALTER COLUMN status TYPE status USING 'paid'::status",
    "DROP TYPE old_status",
)
BREAKS = {
    "a column that must be filled": (NOT_NULL, "INSERT on users", "column users.age", "violates not-null"),
    "a column that is gone": (
        sql("ALTER TABLE orders DROP COLUMN note"),
        "SELECT, INSERT and UPDATE on orders",
        "column orders.note",
        "column orders.note does not exist",
    ),
    "a column renamed": (
        sql("ALTER TABLE users RENAME COLUMN email TO mail"),
        "SELECT, INSERT and UPDATE on users",
        "column users.email",
        "column users.email does not exist",
    ),
    "a table renamed": (
        sql("ALTER TABLE orders RENAME TO purchases"),
        "SELECT, INSERT and UPDATE on orders",
        "table orders",
        'relation "orders" does not exist',
    ),
    "another type": (
        sql("ALTER TABLE orders ALTER COLUMN note TYPE bytea USING convert_to(note, 'UTF8')"),
        "INSERT and UPDATE on orders",
        "table orders",
        'column "note" is of type bytea but expression is of type',
    ),
    "a default that is gone": (
        sql("ALTER TABLE users ALTER COLUMN created_at DROP DEFAULT"),
        "INSERT on users",
        "column users.created_at",
        "violates not-null",
    ),
    "a label that is gone": (ENUM, "INSERT and UPDATE on users", "table users", "invalid input value for enum status"),
    "a check that is new": (
        sql("UPDATE orders SET note = 'x'", "ALTER TABLE orders ADD CONSTRAINT c CHECK (note = 'x')"),
        "INSERT and UPDATE on orders",
        "table orders",
        'violates check constraint "c"',
    ),
    "a trigger that refuses": (
        sql(
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'not so'; END$$",
            "CREATE TRIGGER no BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION no()",
        ),
        "INSERT on orders",
        "table orders",
        "not so",
    ),
    "a column that may not be changed": (
        sql(
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'never'; END$$",
            "CREATE TRIGGER no BEFORE UPDATE OF note ON orders FOR EACH ROW EXECUTE FUNCTION no()",
        ),
        "UPDATE on orders",
        "table orders",
        "never",
    ),
}
KEEPS = {
    "a column that may be null": sql("ALTER TABLE users ADD COLUMN age int"),
    "a column with a default": sql("ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT 1"),
    "a table": sql("CREATE TABLE more (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users)"),
    "a wider column": sql("ALTER TABLE users ALTER COLUMN email TYPE varchar(80)"),
    "a label": sql("ALTER TYPE status ADD VALUE 'sent'"),
    "a unique index": sql("CREATE UNIQUE INDEX ix ON users (id, status)"),
    "a renamed constraint": sql("ALTER TABLE users RENAME CONSTRAINT users_email_key TO uq_users_email"),
    "values rewritten": sql("UPDATE users SET email = 'x' || id"),
    "keys moved": sql(
        "ALTER TABLE orders DROP CONSTRAINT orders_user_id_fkey",
        "UPDATE users SET id = id + 1000",
        "UPDATE orders SET user_id = user_id + 1000",
    ),
    "a column behind a view": sql(
        "ALTER TABLE orders RENAME TO orders_kept",
        "ALTER TABLE orders_kept RENAME COLUMN note TO remark",
        "CREATE VIEW orders AS SELECT id, user_id, remark AS note FROM orders_kept",
        "ALTER VIEW orders ALTER COLUMN id SET DEFAULT nextval('orders_id_seq')",
    ),
}


@pytest.mark.parametrize("case", BREAKS)
def test_what_breaks_it(case: str, tmp_path: Path, compat: Callable[..., Found]) -> None:
    up, words, ref, said = BREAKS[case]
    write(tmp_path)
    write_revision(tmp_path, Rev("bbb", up), "aaa")
    (found,), details, code = compat()
    assert (found["rule"], found["severity"], found["revision"], found["direction"], code) == (
        "gate.incompatible", "error", "bbb", "upgrade", 1,
    )  # fmt: skip
    assert (found["file"], found["line"]) == ("migrations/versions/bbb.py", 9)
    assert found["message"].startswith(f"{words}, by the models of v1 (")
    assert said in found["message"]
    assert "once bbb has run" in found["message"]
    assert named(found) == ref
    assert found["hint"]
    assert details["release"]["inserted"] == 2


@pytest.mark.parametrize("case", KEEPS)
def test_what_does_not(case: str, tmp_path: Path, compat: Callable[..., Found]) -> None:
    write(tmp_path)
    write_revision(tmp_path, Rev("bbb", KEEPS[case]), "aaa")
    findings, details, code = compat("--strict")
    assert (findings, code) == ([], 0)
    assert details["release"] == {"tables": 2, "selected": 2, "inserted": 2, "updated": 2, "planned": 0, "untried": []}


def test_the_revision_among_several(tmp_path: Path, compat: Callable[..., Found]) -> None:
    write(tmp_path)
    ups = {
        "bbb": "ALTER TABLE users ADD COLUMN age int",
        "ccc": "ALTER TABLE users ALTER COLUMN age SET NOT NULL",
        "ddd": "ALTER TABLE orders RENAME COLUMN note TO remark",
        "eee": "ALTER TABLE orders RENAME COLUMN remark TO note",
        "fff": "ALTER TABLE orders DROP COLUMN note",
        "ggg": "CREATE TABLE g ()",
    }
    before = "aaa"
    for name, statement in ups.items():
        fill = "UPDATE users SET age = 1" if name == "ccc" else "SELECT 1"
        write_revision(tmp_path, Rev(name, sql(fill, statement)), before)
        before = name
    findings, details, _ = compat()
    assert [(one["revision"], named(one)) for one in findings] == [
        ("ccc", "column users.age"),
        ("fff", "column orders.note"),
    ]
    assert details["revisions"] == list(ups)


HIDDEN = {
    "bbb": "ALTER TABLE users ALTER email TYPE varchar(10) USING left(email, 8) || id",
    "ccc": ENUM,
    "ddd": "ALTER TABLE users ADD seen int",
    "eee": "ALTER TABLE users DROP COLUMN created_at",
    "fff": "ALTER TABLE users DROP COLUMN status",
}


def write_hidden(folder: Path) -> None:
    write(folder)
    before = "aaa"
    for name, statement in HIDDEN.items():
        up = statement if statement == ENUM else sql(statement)
        write_revision(folder, Rev(name, up), before)
        before = name


def test_a_later_revision_hides_none_before_it(tmp_path: Path, compat: Callable[..., Found]) -> None:
    write_hidden(tmp_path)
    findings, _, _ = compat()
    assert [(one["revision"], named(one), one["severity"]) for one in findings] == [
        ("bbb", "table users", "error"),
        ("ccc", "table users", "error"),
        ("eee", "column users.created_at", "error"),
        ("fff", "column users.status", "error"),
    ]
    said = ("value too long", "invalid input value for enum", "created_at does not exist", "status does not exist")
    assert [part in one["message"] for part, one in zip(said, findings, strict=True)] == [True] * 4


def test_an_allowance_hides_its_own_revision_alone(tmp_path: Path, compat: Callable[..., Found]) -> None:
    write_hidden(tmp_path)
    for name in ("bbb", "eee"):
        file = tmp_path / "migrations" / "versions" / f"{name}.py"
        file.write_text(file.read_text() + "# headworks: allow gate.incompatible - known\n")
    findings, _, _ = compat()
    assert [(one["rule"], one["revision"]) for one in findings] == [
        ("gate.incompatible", "ccc"), ("gate.incompatible", "fff"),
    ]  # fmt: skip


def test_rows_that_nobody_may_change_are_no_news(tmp_path: Path, compat: Callable[..., Found]) -> None:
    write(tmp_path)
    refuses = sql(
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'never'; END$$",
        "CREATE TRIGGER no BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION no()",
    )
    write_revision(tmp_path, Rev("bbb", refuses), "aaa")
    commit(tmp_path)
    git(tmp_path, "tag", "v2")
    write_revision(tmp_path, Rev("ccc", sql("ALTER TABLE users ADD COLUMN age int")), "bbb")
    findings, details, code = compat("--strict", since="v2")
    assert (findings, code) == ([], 0)
    assert details["release"]["untried"] == [{"table": "orders", "statement": "UPDATE", "reason": "never"}]


def test_what_is_set_along_with_a_column(tmp_path: Path, compat: Callable[..., Found]) -> None:
    """An `onupdate` in Python is sent with each UPDATE, and a new check may be about it."""
    write(tmp_path)
    models = tmp_path / "src" / "shop" / "models.py"
    models.write_text(MODELS.replace('sa.Column("note", sa.Text)', 'sa.Column("note", sa.Text, onupdate=lambda: "x")'))
    commit(tmp_path)
    git(tmp_path, "tag", "v2")
    write_revision(tmp_path, Rev("bbb", sql("ALTER TABLE orders ADD CHECK (note <> 'y') NOT VALID")), "aaa")
    findings, details, _ = compat("--strict", since="v2")
    assert (findings, details["release"]["updated"]) == ([], 2)


def test_one_that_is_accepted(tmp_path: Path, compat: Callable[..., Found]) -> None:
    write(tmp_path)
    file = write_revision(tmp_path, Rev("bbb", sql("ALTER TABLE orders DROP COLUMN note")), "aaa")
    file.write_text(file.read_text() + "# headworks: allow gate.incompatible - no release reads it\n")
    assert compat("--strict")[::2] == ([], 0)
    file.write_text(file.read_text().replace("DROP COLUMN note", "ADD COLUMN more int"))
    findings, _, code = compat("--strict")
    assert ([one["rule"] for one in findings], code) == (["gate.unused-allowance"], 1)


def test_the_models_are_those_of_then(tmp_path: Path, compat: Callable[..., Found]) -> None:
    """The working tree has no such column, and no such module, any more."""
    write(tmp_path)
    package = tmp_path / "src" / "shop"
    (package / "tables.py").write_text(MODELS.replace('    sa.Column("note", sa.Text),\n', ""))
    (package / "models.py").unlink()
    env = tmp_path / "migrations" / "env.py"
    env.write_text(env.read_text().replace("shop.models", "shop.tables"))
    write_revision(tmp_path, Rev("bbb", sql("ALTER TABLE orders DROP COLUMN note")), "aaa")
    assert [named(one) for one in compat()[0]] == ["column orders.note"]
    commit(tmp_path)
    assert compat(since="HEAD")[:2] == (
        [],
        {"ref": "HEAD", "commit": compat(since="HEAD")[1]["commit"], "revisions": []},
    )


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "asyncpg"])
def test_every_driver(driver: str, tmp_path: Path, compat: Callable[..., Found]) -> None:
    write(tmp_path, config={"driver": driver}, env="async" if driver == "asyncpg" else "generic")
    write_revision(tmp_path, Rev("bbb", NOT_NULL), "aaa")
    findings, details, _ = compat()
    assert [named(one) for one in findings] == ["column users.age"]
    assert (details["release"]["inserted"], details["release"]["updated"]) == (2, 2)


def test_a_package_need_not_hold_what_was_there(tmp_path: Path, compat: Callable[..., Found]) -> None:
    """`export-ignore` keeps files out of `git archive`."""
    write(tmp_path)
    (tmp_path / ".gitattributes").write_text("migrations export-ignore\nsrc export-ignore\n")
    commit(tmp_path)
    git(tmp_path, "tag", "--force", "v1")
    write_revision(tmp_path, Rev("bbb", NOT_NULL), "aaa")
    assert [named(one) for one in compat()[0]] == ["column users.age"]
    assert git(tmp_path, "worktree", "list").count("\n") == 1


class TestCodeFirst:
    def test_new_models_at_the_old_heads(self, tmp_path: Path, compat: Callable[..., Found]) -> None:
        write(tmp_path, config={"gate": {"deploy": "code-first"}})
        more = '    sa.Column("age", sa.Integer),\n    sa.Column("kind", sa.Text, server_default="x"),\n'
        models = tmp_path / "src" / "shop" / "models.py"
        models.write_text(
            MODELS.replace('    sa.Column("note"', more + '    sa.Column("note"')
            + 'sa.Table("more", metadata, sa.Column("id", sa.Integer, primary_key=True))\n'
        )
        write_revision(tmp_path, Rev("bbb", sql("CREATE TABLE more (id serial PRIMARY KEY)")), "aaa")
        write_revision(tmp_path, Rev("ccc", sql("ALTER TABLE orders ADD age int, ADD kind text DEFAULT 'x'")), "bbb")
        findings, details, code = compat()
        assert [(one["revision"], named(one)) for one in findings] == [
            ("bbb", "table more"),
            ("ccc", "column orders.age"),
        ]
        # Its one column is its key, which nobody updates.
        assert findings[0]["message"].startswith("SELECT and INSERT on more, by the models, fails until bbb has run")
        assert details["models"]["inserted"] == 3
        assert code == 1

    def test_an_earlier_revision_hides_none_after_it(self, tmp_path: Path, compat: Callable[..., Found]) -> None:
        write(tmp_path, config={"gate": {"deploy": "code-first"}})
        more = '    sa.Column("age", sa.Integer),\n    sa.Column("kind", sa.Text),\n'
        models = tmp_path / "src" / "shop" / "models.py"
        models.write_text(MODELS.replace('    sa.Column("note"', more + '    sa.Column("note"'))
        write_revision(tmp_path, Rev("bbb", sql("ALTER TABLE orders ADD age int")), "aaa")
        write_revision(tmp_path, Rev("ccc", sql("ALTER TABLE orders ADD kind text")), "bbb")
        findings, _, _ = compat()
        assert [(one["revision"], named(one)) for one in findings] == [
            ("bbb", "column orders.age"),
            ("ccc", "column orders.kind"),
        ]

    def test_models_that_need_less(self, tmp_path: Path, compat: Callable[..., Found]) -> None:
        """The column goes after the code that used it: what code-first is for."""
        write(tmp_path, config={"gate": {"deploy": "code-first"}})
        models = tmp_path / "src" / "shop" / "models.py"
        models.write_text(MODELS.replace('    sa.Column("note", sa.Text),\n', ""))
        commit(tmp_path)
        git(tmp_path, "tag", "v2")
        write_revision(tmp_path, Rev("bbb", sql("ALTER TABLE orders DROP COLUMN note")), "aaa")
        assert compat("--strict", since="v2")[::2] == ([], 0)

    def test_schema_first_does_not_ask(self, tmp_path: Path, compat: Callable[..., Found]) -> None:
        write(tmp_path)
        models = tmp_path / "src" / "shop" / "models.py"
        models.write_text(MODELS.replace('"note"', '"remark"'))
        write_revision(tmp_path, Rev("bbb", sql("ALTER TABLE orders ADD COLUMN remark text")), "aaa")
        assert compat()[0] == []


class TestWhatCannotBeTold:
    def test_what_fails_at_the_old_heads_is_a_note(self, tmp_path: Path, compat: Callable[..., Found]) -> None:
        write(tmp_path)
        trigger = sql(
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'not so'; END$$",
            "CREATE TRIGGER no BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION no()",
            "CREATE TABLE kept (id int)",
        )
        write_revision(tmp_path, Rev("bbb", trigger), "aaa")
        models = tmp_path / "src" / "shop" / "models.py"
        models.write_text(MODELS + 'sa.Table("gone", metadata, sa.Column("id", sa.Integer))\n')
        commit(tmp_path)
        git(tmp_path, "tag", "v2")
        write_revision(tmp_path, Rev("ccc", NOT_NULL), "bbb")
        (broken, note), details, _ = compat(since="v2")
        assert named(broken) == "column users.age"
        assert (note["severity"], note["rule"]) == ("note", "gate.incompatible")
        assert 'relation "gone" does not exist' in note["message"]
        assert {one["table"] for one in details["release"]["untried"]} == {"gone"}
        # No row got past the trigger, so the INSERT was planned alone.
        assert details["unfilled"] == [{"table": "public.orders", "reason": "not so"}]
        assert details["release"]["planned"] == 1

    def test_a_revision_that_fails_on_rows(self, tmp_path: Path, compat: Callable[..., Found]) -> None:
        write(tmp_path)
        write_revision(tmp_path, Rev("bbb", sql("ALTER TABLE users ADD COLUMN age int NOT NULL")), "aaa")
        write_revision(tmp_path, Rev("ccc", sql("ALTER TABLE orders DROP COLUMN note")), "bbb")
        findings, details, _ = compat()
        assert [(one["severity"], one["revision"]) for one in findings] == [("error", "ccc"), ("note", None)]
        assert "bbb failed" in findings[1]["message"]
        assert details["release"]["planned"] == 2

    def test_a_revision_that_fails(self, tmp_path: Path, compat: Callable[..., Found]) -> None:
        write(tmp_path)
        write_revision(tmp_path, Rev("bbb", sql("nope")), "aaa")
        (note,), _, code = compat()
        assert (note["severity"], code) == ("note", 0)
        assert note["message"].startswith("nothing was tried at the new heads: migrations/versions/bbb.py")

    def test_no_project_then(self, tmp_path: Path, compat: Callable[..., Found]) -> None:
        (tmp_path / "README").touch()
        repository(tmp_path)
        git(tmp_path, "tag", "v1")
        write_project(tmp_path, [FIRST])
        (note,), _, code = compat()
        assert (note["severity"], code) == ("note", 0)

    def test_no_models_then(self, tmp_path: Path, compat: Callable[..., Found]) -> None:
        write_project(tmp_path, [FIRST])
        repository(tmp_path)
        git(tmp_path, "tag", "v1")
        write_revision(tmp_path, Rev("bbb", NOT_NULL), "aaa")
        (note,), _, code = compat()
        assert "have no tables" in note["message"]
        assert (note["severity"], code) == ("note", 0)

    @pytest.mark.parametrize(
        ("word", "said"),
        [
            ("raise RuntimeError('oh')", "oh"),
            ("import os; os._exit(4)", "SystemExit: 4"),
            ("import os; os.kill(os.getpid(), 9)", "its process ended with -9"),
        ],
    )
    def test_code_that_does_not_run(
        self, word: str, said: str, tmp_path: Path, headworks: Headworks, server_url: str
    ) -> None:
        write(tmp_path)
        models = tmp_path / "src" / "shop" / "models.py"
        models.write_text(f"{word}\n{MODELS}")
        commit(tmp_path)
        git(tmp_path, "tag", "v2")
        models.write_text(MODELS)
        write_revision(tmp_path, Rev("bbb", NOT_NULL), "aaa")
        ran = headworks("gate", "--compat", "--since", "v2", "--shadow-url", server_url)
        assert (ran.code, ran.out) == (3, "")
        assert "error: the release before, v2 at " in ran.err
        assert said in ran.err


def test_an_editable_install_is_taken_from_then(tmp_path: Path) -> None:
    """Some have a finder of their own, which knows where the working tree is; what is installed stays."""
    top, export, installed = tmp_path / "top", tmp_path / "export", tmp_path / "top" / "v" / "site-packages"
    for folder, said in (
        (top / "lib" / "mine", "now"),
        (export / "lib" / "mine", "then"),
        (installed / "theirs", "now"),
    ):
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(f"said = {said!r}\n")
        (folder / "inner.py").write_text(f"said = {said!r}\n")
    (top / "new.py").write_text("said = 'now'\n")
    program = f"""
import importlib.util, sys
from pathlib import Path
from headworks.gate.compat.elsewhere import import_from

class Editable:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "mine":
            return importlib.util.spec_from_file_location(name, {str(top / "lib" / "mine" / "__init__.py")!r})

sys.meta_path.append(Editable)
sys.path += [{str(installed)!r}, {str(top)!r}]
import_from(Path({str(export)!r}), Path({str(top)!r}))
import mine, mine.inner, theirs
print(mine.said, mine.inner.said, theirs.said)
try:
    import new
except ModuleNotFoundError as error:
    print(error.name)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "then then now\nnew\n"
