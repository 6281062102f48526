"""env.py as it comes: what it may do, and what is said when it does otherwise."""

from collections.abc import Callable
from pathlib import Path

import pytest

from headworks.errors import HeadworksError
from headworks.migrations import errors
from headworks.migrations.environment import look, look_offline
from headworks.migrations.plan import plan_upgrade
from headworks.migrations.project import Project
from headworks.migrations.runner import Runner
from headworks.postgres.errors import DatabaseMissing
from headworks.postgres.url import DRIVERS, DatabaseUrl
from helpers import executed, sqlalchemy_url, untouched
from projects import Rev, env_of, make_project, sql, table

TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


def upgrade(project: Project, url: str) -> list[str]:
    ran = Runner(project, DatabaseUrl.parse(url)).run(
        "upgrade", lambda rows: plan_upgrade(project.history, rows, ["heads"])
    )
    return [one.revision.id for one in ran]


@pytest.mark.parametrize("kind", ["generic", "async", "begin", "variable"])
@pytest.mark.parametrize("driver", DRIVERS)
def test_every_kind_over_every_driver(
    kind: str, driver: str, tmp_path: Path, make_database: Callable[..., str]
) -> None:
    if (driver == "psycopg2") if kind == "async" else (driver == "asyncpg"):
        pytest.skip("psycopg2 has no async engine, and asyncpg no other")
    url = make_database()
    project = make_project(
        tmp_path, [table("a"), table("b")], env=kind, config={"driver": driver, "url_env": ["APP_DB_URL"]}
    )
    assert upgrade(project, url) == ["a", "b"]
    assert look(project, DatabaseUrl.parse(url)).rows == ("b",)
    assert upgrade(project, url) == []


def test_a_version_table_elsewhere(tmp_path: Path, make_database: Callable[..., str]) -> None:
    url = make_database()
    executed(url, 'CREATE SCHEMA "odd Schema"')
    long = "x" * 60
    project = make_project(
        tmp_path, [table("a"), Rev(long)], options="version_table='my \"versions\"', version_table_schema='odd Schema'"
    )
    assert upgrade(project, url) == ["a", long]
    assert executed(url, 'SELECT version_num FROM "odd Schema"."my ""versions"""') == [(long,)]
    found = look(project, DatabaseUrl.parse(url))
    assert (found.rows, found.version_table, found.version_table_schema) == ((long,), 'my "versions"', "odd Schema")


def test_a_narrow_version_table_that_is_there(tmp_path: Path, make_database: Callable[..., str]) -> None:
    url = make_database()
    first = make_project(tmp_path / "first", [table("a")])
    assert upgrade(first, url) == ["a"]
    assert executed(
        url, "SELECT atttypmod - 4 FROM pg_attribute WHERE attrelid = 'alembic_version'::regclass AND attnum = 1"
    ) == [(32,)]
    second = make_project(tmp_path / "second", [table("a"), Rev("y" * 100)])
    assert upgrade(second, url) == ["y" * 100]


def test_looking_writes_nothing(tmp_path: Path, make_database: Callable[..., str]) -> None:
    url = make_database()
    with untouched(url):
        assert look(make_project(tmp_path, [table("a")]), DatabaseUrl.parse(url)).rows == ()


def test_looking_offline_connects_to_nothing(tmp_path: Path) -> None:
    project = make_project(tmp_path, preamble="import sqlalchemy as sa; sa.Table('t', metadata)")
    assert [list(one.tables) for one in look_offline(project).metadata] == [["t"]]


def test_an_env_that_goes_elsewhere(tmp_path: Path, make_database: Callable[..., str]) -> None:
    """Told by what it connects to: the same server by another name would be the same place."""
    ours, theirs = make_database(), make_database()
    text = env_of("generic").replace(
        'engine_from_config(engine_options(), prefix="sqlalchemy.", poolclass=pool.NullPool)',
        f"__import__('sqlalchemy').create_engine({sqlalchemy_url(theirs)!r}, poolclass=pool.NullPool)",
    )
    project = make_project(tmp_path, [table("a")], env=text)
    with untouched(ours), pytest.raises(errors.DatabaseElsewhere):
        upgrade(project, ours)
    assert executed(theirs, "SELECT to_regclass('a')::text") == [(None,)]
    assert upgrade(project, theirs) == ["a"]


def test_an_env_that_catches_everything(tmp_path: Path, make_database: Callable[..., str]) -> None:
    """Whether it goes on or exits: what went wrong is said all the same."""
    for number, handler in enumerate(["pass", "sys.exit(1)", "raise RuntimeError('see the log')"]):
        url = make_database()
        text = env_of("generic").replace(
            "    online()\n", f"    try:\n        online()\n    except Exception:\n        {handler}\n"
        )
        broken = make_project(tmp_path / f"b{number}", [table("a"), Rev("b", sql("SELECT 1/0"))], env=text)
        with pytest.raises(errors.RevisionFailed) as caught:
            upgrade(broken, url)
        assert caught.value.revision == "b"
        refused = make_project(tmp_path / f"r{number}", [Rev("a", down=None)], env=text)
        executed(url, "DROP TABLE IF EXISTS alembic_version", "CREATE TABLE alembic_version (version_num text)")
        executed(url, "INSERT INTO alembic_version VALUES ('gone')")
        with pytest.raises(errors.UnknownRow):
            upgrade(refused, url)


@pytest.mark.parametrize(
    ("preamble", "reason", "line"),
    [
        ("os.environ['NO_SUCH_VARIABLE']", "KeyError: 'NO_SUCH_VARIABLE'", True),
        ("import no_such_module_at_all", "ModuleNotFoundError: No module named 'no_such_module_at_all'", True),
        ("x = (", "SyntaxError", True),
        ("sys.exit(3)", "SystemExit: 3", True),
        ("os._exit(0)", "SystemExit: 0", True),
        ("raise ValueError('postgresql://me:s3cr3t@h/d')", "ValueError: postgresql://me:***@h/d", True),
    ],
)
def test_an_env_that_raises(
    preamble: str, reason: str, line: bool, tmp_path: Path, make_database: Callable[..., str]
) -> None:
    url = make_database()
    project = make_project(tmp_path, [table("a")], preamble=preamble)
    written = (tmp_path / "migrations" / "env.py").read_text().splitlines()
    with untouched(url), pytest.raises(errors.EnvFailed) as caught:
        upgrade(project, url)
    assert f"migrations/env.py, line {written.index(preamble) + 1}: env.py ended with {reason}" in str(caught.value)
    assert caught.value.exit_code == 2


def test_an_env_that_never_runs_migrations(tmp_path: Path, make_database: Callable[..., str]) -> None:
    with pytest.raises(errors.EnvSkippedMigrations):
        look(make_project(tmp_path, env="idle"), DatabaseUrl.parse(make_database()))


def test_another_dialect(tmp_path: Path, make_database: Callable[..., str]) -> None:
    text = env_of("variable").replace('os.environ["APP_DB_URL"]', "'sqlite://'")
    with pytest.raises(errors.NotPostgres) as caught:
        look(make_project(tmp_path, env=text), DatabaseUrl.parse(make_database()))
    assert caught.value.dialect == "sqlite"


def test_what_env_prints_is_no_data(
    tmp_path: Path, make_database: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project(tmp_path, preamble="print('hello', 'postgresql://me:s3cr3t@h/d')")
    look(project, DatabaseUrl.parse(make_database()))
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "hello postgresql://me:***@h/d\n"


def test_a_database_that_is_not_there_is_said_before_env_runs(tmp_path: Path, server_url: str) -> None:
    project = make_project(tmp_path, preamble="raise AssertionError")
    with pytest.raises(DatabaseMissing):
        look(project, DatabaseUrl.parse(server_url).with_database("no_such_database"))


def test_a_role_that_may_not_create(tmp_path: Path, make_database: Callable[..., str]) -> None:
    url = make_database()
    role = f"weak_{DatabaseUrl.parse(url).database}"
    executed(url, f"CREATE ROLE {role} LOGIN PASSWORD 'weak'", "REVOKE CREATE ON SCHEMA public FROM public")
    weak = DatabaseUrl(DatabaseUrl.parse(url).parameters | {"user": role, "password": "weak"})
    try:
        with untouched(url), pytest.raises(HeadworksError) as caught:
            upgrade(make_project(tmp_path, [table("a")]), weak.libpq())
        assert isinstance(caught.value, errors.EnvStatementFailed)
        assert caught.value.exit_code == 3
        assert "privilege" in caught.value.advice
    finally:
        executed(url, f"DROP OWNED BY {role}", f"DROP ROLE {role}")
