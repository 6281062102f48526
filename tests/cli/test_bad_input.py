"""What people do wrong: one line that says what and where, a hint, exit 2 or 3, and the database as it was."""

import os
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from refusals import SECRET, WRITTEN, refused

from headworks.postgres.server import ThrowawayServer
from headworks.postgres.url import DatabaseUrl
from helpers import Headworks, executed
from projects import Rev, sql, table, write_project, write_revision


def versions(project: Path) -> Path:
    return project / "migrations" / "versions"


class TestUrl:
    @pytest.mark.parametrize(
        ("url", "said"),
        [
            (f"mysql://u:{WRITTEN}@h/db", "--url: not a PostgreSQL URL: its scheme is 'mysql'"),
            ("nonsense", "--url: not a PostgreSQL URL: it has no postgresql:// in front"),
            (f"postgresql://u:{WRITTEN}@h:p:q/db%zz", "--url: not a PostgreSQL URL"),
            ("", "--url: not a PostgreSQL URL"),
        ],
    )
    def test_is_none(self, project: Path, url: str, said: str, inside: Headworks) -> None:
        refused(inside("status", "--url", url), 2, said, "postgresql://USER:PASSWORD@HOST:PORT/DATABASE")

    def test_where_it_came_from_is_said(
        self, project: Path, inside: Headworks, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        refused(inside("status", env={"HEADWORKS_URL": "x://y"}), 2, "$HEADWORKS_URL: not a PostgreSQL URL")
        monkeypatch.delenv("HEADWORKS_URL")
        refused(inside("status", env={"DATABASE_URL": "x://y"}), 2, "$DATABASE_URL: not a PostgreSQL URL")
        (project / "pyproject.toml").write_text(f'[tool.headworks]\nurl = "mysql://u:{WRITTEN}@h/db"\n')
        refused(inside("status"), 2, "pyproject.toml: [tool.headworks] url: not a PostgreSQL URL")
        refused(inside("drift", "--shadow-url", "x://y"), 2, "not a PostgreSQL URL")

    @pytest.mark.parametrize("command", ["status", "upgrade", "drift", "history", "snapshot", "stamp base --force"])
    def test_server_down(self, project: Path, command: str, tmp_path: Path, inside: Headworks) -> None:
        down = f"postgresql://u:{WRITTEN}@/db?host={tmp_path}"
        advice = refused(inside(*command.split(), "--url", down), 3, f"no PostgreSQL answers at {tmp_path}")
        assert "headworks db start" in advice

    def test_server_down_over_tcp(self, project: Path, inside: Headworks) -> None:
        ran = inside("status", "--url", f"postgresql://u:{WRITTEN}@localhost:1/db")
        refused(ran, 3, "no PostgreSQL answers at localhost:1 (Connection refused)")

    def test_unknown_host(self, project: Path, inside: Headworks) -> None:
        ran = inside("status", "--url", f"postgresql://u:{WRITTEN}@nowhere.invalid/db")
        refused(ran, 3, "the host nowhere.invalid cannot be found")

    def test_database_missing(self, project: Path, server_url: str, inside: Headworks) -> None:
        named = DatabaseUrl.parse(server_url).with_database("nope").libpq()
        refused(inside("upgrade", "--url", named), 3, "has no database 'nope'", "createdb nope")

    def test_a_url_in_the_config_is_never_shown(self, project: Path, tmp_path: Path, inside: Headworks) -> None:
        config = project / "pyproject.toml"
        config.write_text(f'[tool.headworks]\nurl = "postgresql://u:{WRITTEN}@/db?host={tmp_path}"\n')
        os.environ.pop("HEADWORKS_URL")
        for words in ("status", "status --debug", "drift", "doctor"):
            ran = inside(*words.split())
            assert WRITTEN not in ran.out + ran.err
            assert SECRET not in ran.out + ran.err


@pytest.fixture(scope="module")
def strict() -> Iterator[DatabaseUrl]:
    """A server that asks the user `app` for a password."""
    with ThrowawayServer() as server:
        rules = server.folder / "data" / "pg_hba.conf"
        rules.write_text(f"local all app scram-sha-256\n{rules.read_text()}")
        made = f"CREATE ROLE app LOGIN PASSWORD '{SECRET}'"
        executed(server.url.libpq(), made, "CREATE DATABASE theirs", "SELECT pg_reload_conf()")
        executed(server.url.libpq(), "REVOKE CONNECT ON DATABASE theirs FROM public")
        yield server.url


class TestPasswords:
    def url_of(self, server: DatabaseUrl, password: str, database: str = "postgres") -> str:
        return f"postgresql://app{password}@/{database}?host={server.host}"

    def test_wrong(self, project: Path, strict: DatabaseUrl, inside: Headworks) -> None:
        ran = inside("status", "--url", self.url_of(strict, ":wr0ng"))
        assert "wr0ng" not in ran.err
        refused(ran, 3, "refuses the password of user 'app'", "% codes")

    def test_missing(self, project: Path, strict: DatabaseUrl, inside: Headworks) -> None:
        refused(inside("status", "--url", self.url_of(strict, "")), 3, "wants a password for user 'app'", "PGPASSWORD")

    def test_not_let_in_and_the_hint_helps(self, project: Path, strict: DatabaseUrl, inside: Headworks) -> None:
        words = ("status", "--url", self.url_of(strict, f":{WRITTEN}", "theirs"))
        advice = refused(inside(*words), 3, "does not let user 'app' into database 'theirs'")
        executed(strict.libpq(), advice.partition("can run: ")[2])
        assert inside(*words).code == 0


class TestPermissions:
    @pytest.fixture
    def poor(self, url: str) -> Iterator[str]:
        """The database, for a role that may look and do nothing else."""
        role = f"poor_{os.urandom(4).hex()}"
        executed(url, f"CREATE ROLE {role} LOGIN", f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
        yield DatabaseUrl.parse(url).libpq().replace("//postgres@", f"//{role}@")
        executed(url, f"DROP OWNED BY {role}", f"DROP ROLE {role}")

    @pytest.fixture(autouse=True)
    def _trusting(self, server_url: str) -> None:
        if "//postgres@" not in server_url:
            pytest.skip("this server asks for passwords")

    def test_upgrade(self, project: Path, poor: str, inside: Headworks) -> None:
        refused(inside("upgrade", "--url", poor), 3, "permission denied for schema public")

    def test_reading_needs_none(self, project: Path, poor: str, inside: Headworks) -> None:
        assert inside("status", "--url", poor).code == 0
        assert inside("drift", "--against", "migrations", "--url", poor).code == 1
        assert inside("snapshot", "--url", poor).code == 0

    def test_no_scratch_database(self, project: Path, poor: str, inside: Headworks) -> None:
        for words in (
            ("gate", "--shadow-url", poor),
            ("drift", "--against", "migrations", "--shadow-on-live", "--url", poor),
        ):
            refused(inside(*words), 3, "permission denied to create database")


class TestProject:
    def test_there_is_none(self, tmp_path: Path, inside: Headworks) -> None:
        for command in ("status", "upgrade", "drift", "gate", "seed", "history", "quickstart", "db url"):
            advice = refused(inside(*command.split()), 2, f"no project here: {'neither'}")
            assert "headworks init" in advice

    def test_no_alembic_ini(self, tmp_path: Path, inside: Headworks) -> None:
        (tmp_path / "pyproject.toml").write_text("[tool.headworks]\n")
        refused(inside("history", "--offline"), 2, "no alembic.ini and no [tool.alembic]", "alembic = ")
        (tmp_path / "pyproject.toml").write_text('[tool.headworks]\nalembic = "nope/alembic.ini"\n')
        refused(inside("history", "--offline"), 2, "nope/alembic.ini")

    @pytest.mark.parametrize(
        ("env", "said", "hint"),
        [
            ("import nope_nope", "migrations/env.py, line 1: env.py ended with ModuleNotFoundError", "nope_nope"),
            ("x = 1\ny = (", "migrations/env.py, line 2: env.py ended with SyntaxError", ""),
            ("x = 1\n1 / 0", "migrations/env.py, line 2: env.py ended with ZeroDivisionError", ""),
            ("import sys\nsys.exit(0)", "migrations/env.py, line 2: env.py ended with SystemExit", ""),
            ("pass", "env.py ran, but never called context.run_migrations()", "context.configure(...)"),
        ],
    )
    @pytest.mark.parametrize("command", ["upgrade", "drift", "gate"])
    def test_env(self, project: Path, command: str, env: str, said: str, hint: str, inside: Headworks) -> None:
        (project / "migrations" / "env.py").write_text(f"{env}\n")
        refused(inside(command), 2, said, hint)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("revision = 'c'\ndef upgrade(:\n", "migrations/versions/c.py, line 2"),
            ("import nope_nope\nrevision = 'c'\n", "migrations/versions/c.py, line 1"),
            ("revision = 'c'\ndown_revision = 'nope'\n", "nope"),
            ("import sys\nsys.exit()\n", ""),
        ],
    )
    @pytest.mark.parametrize("command", ["status", "upgrade", "drift", "gate", "history"])
    def test_revision_file(self, project: Path, command: str, text: str, said: str, inside: Headworks) -> None:
        (versions(project) / "c.py").write_text(text)
        ran = inside(command)
        assert ran.code in (2, 3)
        refused(ran, ran.code, said)

    def test_two_heads_and_the_hint_merges_them(
        self, tmp_path: Path, make_database: Callable[..., str], inside: Headworks, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HEADWORKS_URL", make_database())
        project = write_project(tmp_path, [table("a"), table("b")])
        write_revision(project, table("c", after="a"))
        advice = refused(inside("upgrade"), 2, "domain 'default' has 2 heads: b (migrations/versions/b.py), c")
        assert inside(*shlex.split(advice)[1:]).code == 0
        assert inside("upgrade").code == 0

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ("upgrade nope1", "there is no revision 'nope1' in migrations/versions"),
            ("upgrade nope@head", "there is no domain 'nope'; the domains are default"),
            ("upgrade +9", "only 2 revisions are pending"),
            ("upgrade base", "use downgrade"),
            ("downgrade nope1", "there is no revision 'nope1'"),
            ("downgrade -1", "only 0 revisions are applied"),
            ("downgrade heads", "use upgrade"),
            ("status --domain nope", "there is no domain 'nope'"),
            ("history --domain nope", "there is no domain 'nope'"),
            ("stamp nope1", "there is no revision 'nope1'"),
            ("revision --domain nope -m x", "there is no domain 'nope'"),
            ("merge --domain nope", "there is no domain 'nope'"),
            ("gate --revisions a:nope1", "there is no revision 'nope1'"),
        ],
    )
    def test_unknown_names(self, project: Path, words: str, said: str, inside: Headworks) -> None:
        refused(inside(*words.split()), 2, said, "headworks ")

    def test_a_database_of_another_history(
        self, tmp_path: Path, make_database: Callable[..., str], inside: Headworks, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = make_database()
        monkeypatch.setenv("HEADWORKS_URL", made)
        write_project(tmp_path, [table("a")])
        executed(made, "CREATE TABLE alembic_version (version_num varchar(32))")
        executed(made, "INSERT INTO alembic_version VALUES ('theirs')")
        for command in ("status", "upgrade", "drift --against migrations"):
            refused(inside(*command.split()), 3, "at revision 'theirs', which is not in migrations/versions")

    def test_a_revision_fails(self, project: Path, url: str, inside: Headworks) -> None:
        write_revision(project, Rev("c", sql("ALTER TABLE kept ADD COLUMN x nope"), after="b"))
        # All in one transaction, as this env.py has it: nothing stays.
        said = 'migrations/versions/c.py, line 10: upgrade of c failed: type "nope" does not exist'
        refused(inside("upgrade"), 3, said)
        executed(url, "DROP TABLE IF EXISTS alembic_version")


class TestConfig:
    @pytest.mark.parametrize(
        ("text", "line", "key", "hint"),
        [
            ('[tool.headworks]\nurl = "x"\nulr = "y"', 3, "ulr", "the keys here are alembic, url,"),
            ("[tool.headworks]\nurl = 3", 2, "url", 'write url = "..."'),
            ('[tool.headworks.gate]\ndowngrades = "no"', 2, "gate.downgrades", 'downgrades = "optional"'),
            (
                "[tool.headworks]\ngate.boot = 1",
                2,
                "gate.boot",
                "the keys here are bootstrap, deploy, downgrades",
            ),
            ("[tool.headworks.nope]\na = 1", 1, "nope", "the keys here are"),
            ("[tool.headworks]\nlock_timeout = -1", 2, "lock_timeout", "write lock_timeout = 3.0"),
            ("[tool]\nheadworks = 3", 2, "is broken", "[tool.headworks]"),
            ('[tool.headworks]\nmetadata = ["a:b", 3]', 2, "metadata", 'metadata = ["...", "..."]'),
        ],
    )
    def test_keys(self, project: Path, text: str, line: int, key: str, hint: str, inside: Headworks) -> None:
        file = project / "pyproject.toml"
        file.write_text(f"{text}\n")
        refused(inside("status"), 2, f"{file}, line {line}: [tool.headworks] {key}: ", hint)

    def test_a_file_of_its_own(self, project: Path, inside: Headworks) -> None:
        file = project / "other.toml"
        file.write_text('[gate]\n"boot" = 1\n')
        refused(inside("status", "--config", "other.toml"), 2, "other.toml, line 2: [tool.headworks] gate.boot")

    def test_no_toml(self, project: Path, inside: Headworks) -> None:
        (project / "pyproject.toml").write_text("[tool.headworks\n")
        refused(inside("status"), 2, "pyproject.toml: cannot be read as TOML: Expected ']'")
        refused(inside("status"), 2, "line 1")

    def test_no_file(self, project: Path, inside: Headworks) -> None:
        refused(inside("status", "--config", "nope.toml"), 2, "--config nope.toml: there is no such file")
        refused(inside("status", "--config", "migrations"), 2, "--config migrations: there is no such file")

    @pytest.mark.parametrize(
        ("path", "said"),
        [
            ("models_{}", "it has no colon"),
            ("nope_nope:Base", "ModuleNotFoundError: No module named 'nope_nope'"),
            (":Base", "ValueError: Empty module name"),
            (".models:Base", "TypeError"),
            ("models_{}:nope", "at nope: AttributeError"),
            ("models_{}:Base.nope", "at nope: AttributeError"),
            ("models_{}:fails()", "at fails(): RuntimeError: not yet ("),
            ("models_{}:fails().metadata", "at fails(): RuntimeError"),
            ("models_{}:Base['x']", "is neither a name nor a call without arguments"),
            ("models_{}:fails(1)", "is neither a name nor a call without arguments"),
            ("models_{}:number", "that is a int, not a MetaData"),
            ("broken_{}:Base", "SyntaxError"),
            ("exits_{}:Base", "SystemExit"),
        ],
    )
    def test_metadata_path(self, project: Path, path: str, said: str, inside: Headworks) -> None:
        tag = os.urandom(3).hex()
        body = "from sqlalchemy import MetaData\nclass Base:\n    metadata = MetaData()\nnumber = 3\n"
        (project / f"models_{tag}.py").write_text(f"{body}def fails():\n    raise RuntimeError('not yet')\n")
        (project / f"broken_{tag}.py").write_text("x = (\n")
        (project / f"exits_{tag}.py").write_text("import sys\nsys.exit()\n")
        path = path.replace("{}", tag)
        (project / "pyproject.toml").write_text(f'[tool.headworks]\nmetadata = ["{path}"]\n')
        ran = inside("gate")
        refused(ran, 2, f"[tool.headworks] metadata = {path!r}: ", "package.module:Base.metadata")
        assert said in ran.err


class TestOffline:
    def test_an_env_that_connects_always(self, tmp_path: Path, url: str, inside: Headworks) -> None:
        env = """
            import sqlalchemy as sa
            from alembic import context
            url = "postgresql+psycopg://localhost:1/nowhere"
            with sa.create_engine(url).connect() as connection:
                context.configure(connection=connection)
                context.run_migrations()
        """
        write_project(tmp_path, [table("a")], env=env)
        refused(inside("upgrade", "--sql"), 2, "env.py has no offline mode, in which", "context.is_offline_mode()")


class TestModels:
    def test_two_metadata_that_refer_to_each_other_by_string(self, tmp_path: Path, url: str, inside: Headworks) -> None:
        preamble = """
            from sqlalchemy import Column, ForeignKey, Integer, Table
            one, two = MetaData(), MetaData()
            Table("a", one, Column("id", Integer, primary_key=True), Column("b_id", ForeignKey("b.id")))
            Table("b", two, Column("id", Integer, primary_key=True), Column("a_id", ForeignKey("a.id")))
            metadata = [one, two]
        """
        write_project(tmp_path, [table("a")], preamble=preamble)
        said = "the models cannot be put together: Foreign key associated with column 'a.b_id'"
        for command in ("drift", "snapshot --source models"):
            refused(inside(*command.split()), 2, said, "ForeignKey(")
        ran = inside("gate")  # has more to say than that
        assert (ran.code, said in ran.out, "ForeignKey(" in ran.out) == (1, True, True)

    def test_postgresql_refuses_them(self, tmp_path: Path, url: str, inside: Headworks) -> None:
        preamble = """
            from sqlalchemy import Column, Integer, Table, text
            Table("a", metadata, Column("id", Integer, server_default=text("nope()")))
        """
        write_project(tmp_path, [table("a")], preamble=preamble)
        refused(
            inside("drift"), 3, "PostgreSQL does not take the models: function nope() does not exist in: CREATE TABLE a"
        )

    def test_there_are_none(self, tmp_path: Path, url: str, inside: Headworks) -> None:
        write_project(tmp_path, [table("a")], preamble="metadata = None")
        refused(inside("drift"), 2, "there are no models to look at", "metadata = ")
        assert inside("drift", "--against", "migrations").code == 1
