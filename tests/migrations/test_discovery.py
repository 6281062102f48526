"""Which project is found, which driver its code gets, and what is said of one that is broken."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy
from alembic.config import Config

from headworks import config
from headworks.migrations import errors
from headworks.migrations.environment import look
from headworks.migrations.history import DEFAULT_DOMAIN
from headworks.migrations.project import Project
from headworks.postgres.url import DatabaseUrl
from projects import Rev, make_project, table, write_project, write_revision

BARE = DatabaseUrl({"host": "h", "dbname": "d"})
needs_toml = pytest.mark.skipif(not hasattr(Config, "toml_alembic_config"), reason="Alembic before 1.16")


def test_an_ini_found_from_below(tmp_path: Path) -> None:
    write_project(tmp_path / "app", [table("a")])
    below = tmp_path / "app" / "src" / "pkg"
    below.mkdir(parents=True)
    project = Project(config.load(folder=below))
    assert project.folder == tmp_path / "app"
    assert [one.file for one in project.history.revisions] == ["migrations/versions/a.py"]


@needs_toml
def test_a_toml_table(tmp_path: Path) -> None:
    project = make_project(tmp_path, [table("a")], toml=True)
    assert project.file == tmp_path / "pyproject.toml"
    assert project.history.domains == (DEFAULT_DOMAIN,)


def test_a_named_ini_and_a_relative_script_location(tmp_path: Path) -> None:
    write_project(tmp_path / "db", [table("a")], ini={"script_location": "migrations"})
    (tmp_path / "pyproject.toml").write_text('[tool.headworks]\nalembic = "db/alembic.ini"\n')
    project = Project(config.load(folder=tmp_path))
    assert [one.file for one in project.history.revisions] == ["db/migrations/versions/a.py"]
    assert Path(project.script.dir) == tmp_path / "db" / "migrations"


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({"pyproject.toml": "[tool.headworks]\n"}, errors.NoAlembic),
        ({"pyproject.toml": '[tool.headworks]\nalembic = "x.ini"\n'}, errors.NoAlembic),
        ({"alembic.ini": "script_location = x\n"}, errors.AlembicConfigBroken),
        ({"alembic.ini": "[alembic]\nscript_location = %(nonsense)s\n"}, errors.AlembicConfigBroken),
        ({"alembic.ini": "[alembic]\nscript_location = x\nscript_location = y\n"}, errors.AlembicConfigBroken),
        ({"alembic.ini": "[alembic]\n"}, errors.ScriptsMissing),
        ({"alembic.ini": "[alembic]\nscript_location = nowhere\n"}, errors.ScriptsMissing),
        ({"alembic.ini": "[alembic]\nscript_location = %(here)s\n"}, errors.ScriptsMissing),
    ],
)
def test_configurations_that_do_not_do(tmp_path: Path, files: dict[str, str], error: type[errors.NoAlembic]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(error) as caught:
        _ = Project(config.load(folder=tmp_path)).script
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


# What SQLAlchemy itself takes a bare postgresql:// for.
SQLALCHEMYS_OWN = "psycopg" if sqlalchemy.__version__ >= "2.1" else "psycopg2"


@pytest.mark.parametrize(
    ("keys", "url", "variable", "given", "expected"),
    [
        ({"driver": "psycopg2"}, "postgresql+asyncpg://h/d", None, None, "psycopg2"),
        ({}, "postgresql+asyncpg://h/d", None, "psycopg2", "asyncpg"),
        ({"url_env": ["APP_DB_URL"]}, "postgresql+asyncpg://h/d", "postgresql+psycopg2://h/d", None, "psycopg2"),
        ({}, "driver://user:pass@localhost/dbname", None, "psycopg2", "psycopg2"),
        ({}, None, None, "asyncpg", SQLALCHEMYS_OWN),
        ({}, None, None, "psycopg2", "psycopg2"),
        ({}, "postgresql+psycopg_async://h/d", None, None, "psycopg_async"),
    ],
)
def test_the_driver(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keys: dict[str, object],
    url: str | None,
    variable: str | None,
    given: str | None,
    expected: str,
) -> None:
    if variable:
        monkeypatch.setenv("APP_DB_URL", variable)
    project = make_project(tmp_path, url=url, config=keys)
    handed = project.handed(DatabaseUrl(BARE.parameters, given))
    assert handed == f"postgresql+{expected}://h/d"
    assert project.config(DatabaseUrl({"password": "50%", "dbname": "d"}, given)).get_main_option("sqlalchemy.url") == (
        f"postgresql+{expected}://:50%25@/d"
    )


def test_an_async_env_gets_a_driver_for_asyncio(tmp_path: Path) -> None:
    assert make_project(tmp_path, env="async").driver == "asyncpg"


def test_a_driver_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg2", None)
    project = make_project(tmp_path, url="postgresql+psycopg2://h/d")
    with pytest.raises(errors.DriverMissing) as caught:
        project.handed(BARE)
    assert "psycopg2-binary" in caught.value.advice


@pytest.mark.parametrize("template", ["generic", "async", "pyproject", "multidb"])
def test_what_alembic_init_writes(
    template: str, tmp_path: Path, make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "alembic", "init", "-t", template, "migrations"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode and template == "pyproject":
        pytest.skip("Alembic before 1.16")
    assert made.returncode == 0, made.stderr
    project = Project(config.load(folder=tmp_path))
    write_revision(tmp_path, table("a"))
    monkeypatch.setattr("sys.path", list(sys.path))
    if template == "multidb":
        with pytest.raises(errors.EnvFailed) as caught:
            look(project, DatabaseUrl.parse(make_database()))
        assert caught.value.file == "migrations/env.py"
    else:
        assert look(project, DatabaseUrl.parse(make_database())).rows == ()
        assert [one.id for one in project.history.revisions] == ["a"]


@pytest.mark.parametrize(
    ("revisions", "words"),
    [
        ([table("a"), table("b", after="gone")], ["gone", "b"]),
        ([table("a", after="b"), table("b", after="a")], ["ycle"]),
        ([table("a", after="a")], ["a"]),
        ([table("a"), table("b", id="a", after=None, folder="other")], ["a.py", "other/a.py", "more than once"]),
        ([table("a", label="shop"), table("b", after=None, label="shop")], ["shop"]),
        ([table("a"), table("b", depends_on="gone")], ["gone"]),
    ],
)
def test_graphs_that_are_none(tmp_path: Path, revisions: list[Rev], words: list[str]) -> None:
    project = make_project(tmp_path, revisions, ini={"recursive_version_locations": "true"})
    with pytest.raises(errors.HistoryBroken) as caught:
        _ = project.history
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize(
    ("head", "line", "reason"),
    [
        ("x = (", 4, "'(' was never closed"),
        ("\n\nx = 1 / 0", 6, "ZeroDivisionError"),
        ("import no_such_module_at_all", 4, "ModuleNotFoundError"),
        ("raise SystemExit(4)", 4, "SystemExit"),
    ],
)
def test_a_revision_file_that_cannot_be_loaded(tmp_path: Path, head: str, line: int, reason: str) -> None:
    project = make_project(tmp_path, [table("a"), Rev("b", head=head)])
    with pytest.raises(errors.RevisionFileBroken) as caught:
        _ = project.history
    assert (caught.value.file, caught.value.line) == ("migrations/versions/b.py", line)
    assert reason in caught.value.reason


def test_odd_names_and_shapes(tmp_path: Path) -> None:
    """All seen in published projects: ids with dots, the label "None", no downgrade, bases with depends_on."""
    revisions = [
        table("v2.4.0.a", up="pass", label="None"),
        Rev("v2.4.0.b", down=None),
        table("core1", after=None, label="core"),
        table("core2"),
        table("shop1", after=None, label="shop", depends_on="core"),
        table("loose", after=None, folder="extra"),
    ]
    history = make_project(tmp_path, revisions, ini={"recursive_version_locations": "true"}).history
    assert {one.id: one.domain for one in history.revisions} == {
        "v2.4.0.a": DEFAULT_DOMAIN,
        "v2.4.0.b": DEFAULT_DOMAIN,
        "core1": "core",
        "core2": "core",
        "shop1": "shop",
        "loose": "extra",
    }
    assert history.by_id["shop1"].depends_on == ("core1",)
    order = [one.id for one in history.revisions]
    assert order.index("core1") < order.index("shop1")


def test_modules_without_branch_labels_or_depends_on(tmp_path: Path) -> None:
    project = make_project(tmp_path, [table("a")])
    bare = "revision = 'b'\ndown_revision = 'a'\ndef upgrade():\n    pass\n"
    (tmp_path / "migrations" / "versions" / "b.py").write_text(bare)
    assert [one.id for one in project.history.revisions] == ["a", "b"]


def test_no_revisions_at_all(tmp_path: Path) -> None:
    history = make_project(tmp_path).history
    assert (history.revisions, history.domains) == ((), ())


def test_models_of_the_projects_own_folder(
    tmp_path: Path, make_database: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.path", list(sys.path))
    (tmp_path / "hw_models_here.py").write_text(
        "import sqlalchemy as sa\nfrom sqlalchemy import MetaData\nmetadata = MetaData()\nsa.Table('t', metadata)\n"
    )
    keys = {"preload": ["hw_models_here"]}
    project = make_project(tmp_path, preamble="from hw_models_here import metadata", config=keys)
    found = look(project, DatabaseUrl.parse(make_database()))
    assert [list(metadata.tables) for metadata in found.metadata] == [["t"]]
    broken = make_project(tmp_path / "other", config={"preload": ["no_such_module_at_all"]})
    with pytest.raises(errors.PreloadFailed) as caught:
        look(broken, DatabaseUrl.parse(make_database()))
    assert caught.value.module == "no_such_module_at_all"
