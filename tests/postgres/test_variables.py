"""libpq's variables reach the databases that a user names, and never our own servers."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import MetaData

from headworks.declared import declared
from headworks.migrations.environment import look, look_apart
from headworks.migrations.errors import EnvFailed
from headworks.migrations.realise import bootstrap
from headworks.postgres.connect import connect
from headworks.postgres.server import ThrowawayServer
from headworks.postgres.url import DatabaseUrl
from headworks.postgres.variables import hidden_from, libpq_variables, reaching
from helpers import Headworks
from projects import make_project, write_project

_AMISS = {
    "PGHOSTADDR": "10.0.0.1",
    "PGSERVICE": "nowhere",
    "PGTARGETSESSIONATTRS": "standby",
    "PGOPTIONS": "-c search_path=pg_catalog",
    "PGREQUIREAUTH": "scram-sha-256",
    "PGGSSENCMODE": "require",
    "PGSSLMODE": "verify-full",
    "PGTZ": "No/Where",
    "PGDATESTYLE": "Odd",
    "PGHOST": "nowhere.invalid",
    "PGPORT": "1",
    "PGUSER": "nobody_here",
    "PGDATABASE": "no_such",
    "PGPASSWORD": "secret",
}
_PATH = "-c search_path=theirs"


@pytest.fixture(scope="module")
def own() -> Iterator[DatabaseUrl]:
    with ThrowawayServer() as server:
        yield server.url


@pytest.fixture
def amiss(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them at once."""
    for name, value in _AMISS.items():
        monkeypatch.setenv(name, value)


def search_path(url: DatabaseUrl) -> str:
    with closing(connect(url)) as connection:
        return str(connection.execute("SHOW search_path").fetchone()[0])


@pytest.mark.parametrize("name", _AMISS)
def test_none_reaches_a_server_of_ours(name: str, own: DatabaseUrl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, _AMISS[name])
    assert search_path(own) == '"$user", public'
    assert os.environ[name] == _AMISS[name]


def test_they_reach_a_database_that_somebody_names(server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", _PATH)
    assert search_path(DatabaseUrl.parse(server_url)) == "theirs"


def test_they_reach_it_also_while_code_runs_on_ours(
    own: DatabaseUrl, server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGOPTIONS", _PATH)
    seen: list[str] = []
    reader = threading.Thread(target=lambda: seen.append(search_path(DatabaseUrl.parse(server_url))))
    with hidden_from(own):
        reader.start()
        reader.join()
        assert "PGOPTIONS" not in os.environ
        assert search_path(own) == '"$user", public'
    assert seen == ["theirs"]
    assert os.environ["PGOPTIONS"] == _PATH


def test_who_connects_elsewhere_waits(own: DatabaseUrl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", _PATH)
    seen: list[str | None] = []
    theirs = DatabaseUrl.parse("postgresql://somewhere/x")

    def look_around() -> None:
        with reaching(theirs):
            seen.append(os.environ.get("PGOPTIONS"))

    other = threading.Thread(target=look_around)
    with reaching(own):
        other.start()
        other.join(0.1)
        assert not seen
    other.join()
    assert seen == [_PATH]


def test_what_code_sets_itself_stays(own: DatabaseUrl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGUSER", "me")
    monkeypatch.setenv("PGTZ", "Europe/Berlin")
    monkeypatch.delenv("PGAPPNAME", raising=False)
    with hidden_from(own):
        monkeypatch.setenv("PGTZ", "UTC")
        monkeypatch.setenv("PGAPPNAME", "theirs")
    assert [os.environ[name] for name in ("PGUSER", "PGTZ", "PGAPPNAME")] == ["me", "UTC", "theirs"]


def test_those_that_libpq_documents_are_known() -> None:
    assert set(_AMISS) - {"PGPASSWORD"} <= libpq_variables()
    assert not {"PGDATA", "PGBIN", "PGPASSWORD"} & libpq_variables()


@pytest.mark.usefixtures("amiss")
@pytest.mark.parametrize(
    ("env", "driver"), [("generic", "psycopg"), ("generic", "psycopg2"), ("async", "psycopg"), ("async", "asyncpg")]
)
def test_env_py_gets_to_a_server_of_ours(tmp_path: Path, own: DatabaseUrl, env: str, driver: str) -> None:
    project = make_project(tmp_path, env=env, config={"driver": driver})
    assert look_apart(project, own).version_table == "alembic_version"


@pytest.mark.usefixtures("amiss")
def test_models_and_bootstrap_get_there(tmp_path: Path, own: DatabaseUrl) -> None:
    metadata = MetaData()
    sqlalchemy.Table("made", metadata, sqlalchemy.Column("id", sqlalchemy.Integer, primary_key=True))
    (tmp_path / "begin_here.py").write_text(
        "def begin(connection):\n    connection.exec_driver_sql('CREATE TABLE begun (id int)')\n"
    )
    project = make_project(tmp_path, config={"gate": {"bootstrap": "begin_here:begin"}})
    with declared([metadata], own) as url:
        bootstrap(project, url)
        with connect(url) as connection:
            row = connection.execute("SELECT to_regclass('made')::text, to_regclass('begun')::text").fetchone()
    assert row == ("made", "begun")


@pytest.mark.usefixtures("amiss")
def test_env_py_that_goes_by_them_alone_is_led_to_ours(tmp_path: Path, own: DatabaseUrl) -> None:
    env = """
    from alembic import context
    from sqlalchemy import create_engine, pool

    with create_engine("postgresql+psycopg://", poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection, target_metadata=None)
        with context.begin_transaction():
            context.run_migrations()
    """
    assert look_apart(make_project(tmp_path, env=env), own).rows == ()


@pytest.mark.usefixtures("amiss")
def test_one_that_env_py_insists_on_is_named(tmp_path: Path, own: DatabaseUrl) -> None:
    project = make_project(tmp_path, preamble='mode = os.environ["PGSSLMODE"]')
    with pytest.raises(EnvFailed) as caught:
        look_apart(project, own)
    assert "PGSSLMODE is hidden" in caught.value.advice


_OF_VARIABLES = """
    import os
    from alembic import context
    from sqlalchemy import URL, create_engine, pool

    user, password, host, port, name = (os.environ[f"PG{one}"] for one in "USER PASSWORD HOST PORT DATABASE".split())
    with create_engine(HERE, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection, target_metadata=None)
        with context.begin_transaction():
            context.run_migrations()
"""
_CREATED = _OF_VARIABLES.replace("HERE", 'URL.create("postgresql+psycopg", user, password, host, int(port), name)')
_PUT_TOGETHER = _OF_VARIABLES.replace("HERE", 'f"postgresql+psycopg://{user}:{password}@{host}:{port}/{name}"')


@pytest.mark.usefixtures("amiss")
def test_a_url_that_env_py_makes_of_them(tmp_path: Path, own: DatabaseUrl) -> None:
    assert look_apart(make_project(tmp_path / "a", env=_CREATED), own).rows == ()
    with pytest.raises(EnvFailed) as caught:
        look_apart(make_project(tmp_path / "b", env=_PUT_TOGETHER), own)
    assert "sqlalchemy.URL.create" in caught.value.advice


@pytest.mark.parametrize("name", ["PGUSER", "PGPASSWORD"])
def test_one_that_is_not_set_can_be_set_to_anything(
    name: str, tmp_path: Path, own: DatabaseUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    for one in ("PGUSER", "PGPASSWORD", "PGHOST", "PGPORT", "PGDATABASE"):
        monkeypatch.setenv(one, "1")
    monkeypatch.delenv(name)
    project = make_project(tmp_path, env=_CREATED)
    with pytest.raises(EnvFailed) as caught:
        look_apart(project, own)
    assert caught.value.advice.startswith(f"set {name} to anything: ")
    monkeypatch.setenv(name, "anything")
    assert look_apart(project, own).rows == ()


def test_env_py_sees_them_on_a_database_that_somebody_names(
    tmp_path: Path, make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = make_database()
    monkeypatch.setenv("PGOPTIONS", _PATH)
    project = make_project(tmp_path, preamble=f'assert os.environ["PGOPTIONS"] == {_PATH!r}')
    assert look(project, DatabaseUrl.parse(url)).rows == ()


def test_the_embedded_server_at_the_command_line(tmp_path: Path, headworks: Headworks) -> None:
    write_project(tmp_path)
    try:
        assert headworks("status", env=_AMISS).code == 0
        asked = headworks("db", "psql", "-Atc", "SHOW search_path", env=_AMISS)
        assert (asked.code, asked.out) == (0, '"$user", public\n')
        other = headworks("db", "psql", "-d", "template1", "-Atc", "SELECT current_database()", env=_AMISS)
        assert (other.code, other.out) == (0, "template1\n")
    finally:
        headworks("db", "stop")
