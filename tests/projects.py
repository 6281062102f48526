"""Tiny Alembic projects for tests: an env.py of one kind or another, a few revisions, a configuration.

    project = make_project(tmp_path, [table("a"), table("b"), Rev("c", sql("CREATE INDEX ..."), sql("DROP INDEX ..."))])
    Runner(project, url).run("upgrade", ...)  # or: `cd tmp_path && headworks upgrade --url ...`

Revisions follow each other in the order given, unless `after` says otherwise.
"""

import json
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headworks import config as headworks_config
from headworks.migrations.project import Project

__all__ = ["ENVS", "Rev", "env_of", "make_project", "sql", "table", "write_project", "write_revision"]

_PREVIOUS = "<the one before>"


@dataclass(frozen=True)
class Rev:
    """A revision file. `up` and `down` are Python (see `sql`); a `down` of None leaves the function out.

    `after` is one id, several, or None for a base; `folder` is below `versions/`; `head` is Python for the file's top.
    """

    id: str
    up: str = "pass"
    down: str | None = "pass"
    after: str | tuple[str, ...] | None = _PREVIOUS
    depends_on: str | tuple[str, ...] | None = None
    label: str | None = None
    folder: str = "."
    head: str = ""


def sql(*statements: str, concurrently: bool = False) -> str:
    """Python that executes these statements, outside the transaction when `concurrently`."""
    lines = "\n".join(f"op.execute({statement!r})" for statement in statements)
    return f"with op.get_context().autocommit_block():\n{textwrap.indent(lines, '    ')}" if concurrently else lines


def table(name: str, **fields: Any) -> Rev:
    """The revision `name` (or `id=`), which makes the table `name` and drops it again."""
    up, down = sql(f"CREATE TABLE {name} (id int PRIMARY KEY)"), sql(f"DROP TABLE {name}")
    return Rev(**{"id": name, "up": up, "down": down, **fields})


_ENV_HEAD = """
import logging
import os
import sys
from alembic import context
from sqlalchemy import MetaData, pool

config = context.config
metadata = MetaData()
$preamble

def offline():
    context.configure(
        url=config.get_main_option("sqlalchemy.url"), target_metadata=metadata, literal_binds=True$options
    )
    with context.begin_transaction():
        context.run_migrations()


def run(connection):
    context.configure(connection=connection, target_metadata=metadata$options)
    with context.begin_transaction():
        context.run_migrations()


def engine_options():
    return config.get_section(config.config_ini_section, {})


"""
_ENV_TAIL = """
if context.is_offline_mode():
    offline()
else:
    online()
"""
ENVS = {
    # Alembic's template
    "generic": """
from sqlalchemy import engine_from_config


def online():
    engine = engine_from_config(engine_options(), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        run(connection)
""",
    # Alembic's template for asyncio
    "async": """
import asyncio
from sqlalchemy.ext.asyncio import async_engine_from_config


async def online_async():
    engine = async_engine_from_config(engine_options(), prefix="sqlalchemy.", poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


def online():
    asyncio.run(online_async())
""",
    # a transaction of env.py's own around everything
    "begin": """
from sqlalchemy import engine_from_config


def online():
    engine = engine_from_config(engine_options(), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.begin() as connection:
        run(connection)
""",
    # a URL from the variable APP_DB_URL alone
    "variable": """
from sqlalchemy import create_engine


def online():
    engine = create_engine(os.environ["APP_DB_URL"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        run(connection)
""",
    # an env.py that never runs migrations
    "idle": """
def online():
    pass
""",
}


def env_of(kind: str, *, preamble: str = "", options: str = "") -> str:
    """The text of an env.py: `preamble` runs first (and may fill `metadata`), `options` go into context.configure()."""
    text = _ENV_HEAD + ENVS[kind] + _ENV_TAIL
    return text.replace("$preamble", textwrap.dedent(preamble)).replace("$options", f", {options}" if options else "")


def write_project(
    folder: Path,
    revisions: Iterable[Rev] = (),
    *,
    env: str = "generic",
    preamble: str = "",
    options: str = "",
    config: Mapping[str, Any] | None = None,
    ini: Mapping[str, str] | None = None,
    url: str | None = None,
    toml: bool = False,
) -> Path:
    """Write a project into `folder`, and return it.

    `env` is a kind of `ENVS`, or a whole env.py; `config` is `[tool.headworks]`; `ini` are further keys of `[alembic]`
    (of `[tool.alembic]` with `toml`, which needs Alembic 1.16); `url` is its sqlalchemy.url.
    """
    scripts = folder / "migrations"
    (scripts / "versions").mkdir(parents=True)
    text = env_of(env, preamble=preamble, options=options) if env in ENVS else textwrap.dedent(env)
    (scripts / "env.py").write_text(text, encoding="utf-8")
    (scripts / "script.py.mako").write_text(_MAKO, encoding="utf-8")
    keys = {"script_location": "%(here)s/migrations"} | dict(ini or {})
    if url:
        keys["sqlalchemy.url"] = url.replace("%", "%%")
    document = ""
    if toml:
        document += "[tool.alembic]\n" + _toml(keys)
    else:
        body = "\n".join(f"{key} = {value}" for key, value in keys.items())
        (folder / "alembic.ini").write_text(f"[alembic]\n{body}\n", encoding="utf-8")
    if config is not None:
        tables = {key: value for key, value in config.items() if isinstance(value, Mapping)}
        document += "[tool.headworks]\n" + _toml({key: value for key, value in config.items() if key not in tables})
        document += "".join(f"[tool.headworks.{name}]\n{_toml(table)}" for name, table in tables.items())
    if document:
        (folder / "pyproject.toml").write_text(document, encoding="utf-8")
    before: str | None = None
    for revision in revisions:
        write_revision(folder, revision, before)
        before = revision.id
    return folder


def make_project(folder: Path, revisions: Iterable[Rev] = (), **options: Any) -> Project:
    """`write_project`, and the `Project` of it."""
    return Project(headworks_config.load(folder=write_project(folder, revisions, **options)))


def write_revision(folder: Path, revision: Rev, before: str | None = None) -> Path:
    """Write one revision file into the project in `folder`; `before` is the id that it follows if it does not say."""
    after = before if revision.after == _PREVIOUS else revision.after
    lines = [
        f'"""{revision.id}"""',
        "import sqlalchemy as sa",
        "from alembic import op",
        textwrap.dedent(revision.head),
        f"revision = {revision.id!r}",
        f"down_revision = {after!r}",
        f"branch_labels = {revision.label!r}",
        f"depends_on = {revision.depends_on!r}",
    ]
    for name, body in (("upgrade", revision.up), ("downgrade", revision.down)):
        if body is not None:
            lines += [f"def {name}():", textwrap.indent(textwrap.dedent(body), "    ")]
    file = folder / "migrations" / "versions" / revision.folder / f"{revision.id}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _toml(values: Mapping[str, Any]) -> str:
    return "".join(f"{json.dumps(key)} = {json.dumps(value)}\n" for key, value in values.items())


_MAKO = '''"""${message}"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
'''
