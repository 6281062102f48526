"""Where the graph of a project comes from: three sources, one diagram; domains from models or from the history."""

import contextlib
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from headworks import config
from headworks.erd.formats.mermaid import page, render
from headworks.erd.graph import Graph
from headworks.erd.sources import SOURCES, Drawn, Source, draw_database, draw_project
from headworks.migrations.project import Project
from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl

ROOT = Path(__file__).parents[2]

ENV = """
    from alembic import context
    from sqlalchemy import MetaData, create_engine, pool
    {models}
    engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=metadata, transaction_per_migration={apart})
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()
"""

REVISION = """
    from alembic import op
    revision, down_revision, branch_labels, depends_on = {id!r}, {down!r}, {labels!r}, {needs!r}
    def upgrade():
        {upgrade}
    def downgrade():
        pass
"""


@pytest.fixture
def shadow(server_url: str, server_major: int) -> Callable[[], contextlib.AbstractContextManager[Shadow]]:
    @contextlib.contextmanager
    def make() -> Iterator[Shadow]:
        yield Shadow(f"{server_major}.0", lambda: DatabaseUrl.parse(server_url))

    return make


@contextlib.contextmanager
def no_shadow() -> Iterator[Shadow]:
    raise AssertionError("nothing had to be realised")
    yield


def no_live() -> DatabaseUrl:
    raise AssertionError("the live database was not asked for")


def project_in(folder: Path, revisions: list[dict[str, object]], models: str, *, apart: bool = False) -> Project:
    (folder / "versions").mkdir()
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = .\nsqlalchemy.url = postgresql+psycopg://x\n")
    (folder / "env.py").write_text(textwrap.dedent(ENV.format(models=models, apart=apart)))
    for one in revisions:
        facts = {"down": None, "labels": None, "needs": None, "upgrade": "pass"} | one
        (folder / "versions" / f"{one['id']}.py").write_text(textwrap.dedent(REVISION.format(**facts)))
    return Project(config.load(folder=folder))


def domains_of(graph: Graph) -> dict[str, str]:
    return {graph.label(one): one.domain for one in graph.entities}


@pytest.fixture
def commerce() -> Project:
    return Project(config.load(folder=ROOT))


def test_commerce_is_the_same_from_every_source(
    commerce: Project, commerce_database: str, shadow: Callable[[], contextlib.AbstractContextManager[Shadow]]
) -> None:
    live = DatabaseUrl.parse(commerce_database)
    sources: tuple[Source, ...] = ("models", "live", "migrations")
    assert sources == SOURCES
    drawn = [draw_project(commerce, source, lambda: live, shadow) for source in (*sources, "models")]
    assert len({render(one.graph) for one in drawn}) == 1
    assert len({page(one.graph) for one in drawn}) == 1
    assert not any(one.remark for one in drawn)
    with psycopg.connect(commerce_database) as connection:
        row = connection.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f'").fetchone()
    text = page(drawn[0].graph)
    assert row is not None
    assert len(drawn[0].graph.edges) == row[0] == text.count(' : "')
    # The models of commerce say their domains; the history says the same.
    assert {one.domain for one in drawn[0].graph.entities} == set(commerce.history.domains)


def test_a_live_database_with_declared_domains_needs_no_shadow(commerce: Project, commerce_database: str) -> None:
    drawn = draw_project(commerce, "live", lambda: DatabaseUrl.parse(commerce_database), no_shadow)
    assert "alembic_version" not in domains_of(drawn.graph)


def test_models_do_not_ask_for_the_live_database(
    commerce: Project, shadow: Callable[[], contextlib.AbstractContextManager[Shadow]]
) -> None:
    assert draw_project(commerce, "models", no_live, shadow).graph.tables


HISTORY: list[dict[str, object]] = [
    {"id": "a1", "labels": ("auth",), "upgrade": 'op.execute("CREATE TABLE users (id int PRIMARY KEY)")'},
    {
        "id": "s1",
        "labels": ("shop",),
        "needs": "a1",
        "upgrade": 'op.execute("CREATE TABLE basket (user_id int REFERENCES users); CREATE TABLE gone (id int)")',
    },
    {"id": "a2", "down": "a1", "needs": "s1", "upgrade": 'op.execute("ALTER TABLE basket RENAME TO carts")'},
    {"id": "s2", "down": "s1", "upgrade": 'op.execute("DROP TABLE gone")'},
]


@pytest.mark.parametrize("apart", [False, True], ids=["one transaction", "one a revision"])
def test_the_history_says_the_domain(
    tmp_path: Path, apart: bool, shadow: Callable[[], contextlib.AbstractContextManager[Shadow]]
) -> None:
    project = project_in(tmp_path, HISTORY, "metadata = MetaData()" if apart else "metadata = None", apart=apart)
    drawn = draw_project(project, "migrations", no_live, shadow)
    assert domains_of(drawn.graph) == {"carts": "shop", "users": "auth"}


def test_a_model_wins_over_the_history(
    tmp_path: Path,
    make_database: Callable[..., str],
    shadow: Callable[[], contextlib.AbstractContextManager[Shadow]],
) -> None:
    models = 'import sqlalchemy as sa; metadata = MetaData(); sa.Table("carts", metadata, info={"domain": "mine"})'
    project = project_in(tmp_path, HISTORY, models)
    url = make_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE users (id int); CREATE TABLE carts (id int); CREATE TABLE by_hand (id int)")
    drawn = draw_project(project, "live", lambda: DatabaseUrl.parse(url), shadow)
    assert domains_of(drawn.graph) == {"by_hand": "default", "carts": "mine", "users": "auth"}


def test_a_history_that_does_not_run_costs_the_domains_alone(
    tmp_path: Path, shadow: Callable[[], contextlib.AbstractContextManager[Shadow]]
) -> None:
    models = 'import sqlalchemy as sa; metadata = MetaData(); sa.Table("t", metadata, sa.Column("id", sa.Integer))'
    broken: list[dict[str, object]] = [
        {"id": "a1", "labels": ("a",), "upgrade": 'op.execute("SELECT no_such_thing")'},
        {"id": "b1", "labels": ("b",)},
    ]
    drawn: Drawn = draw_project(project_in(tmp_path, broken, models), "models", no_live, shadow)
    assert domains_of(drawn.graph) == {"t": "default"}
    assert "a1" in drawn.remark


def test_models_of_an_extension_that_the_history_makes(
    tmp_path: Path, shadow: Callable[[], contextlib.AbstractContextManager[Shadow]], server_url: str
) -> None:
    with psycopg.connect(server_url) as connection:
        found = connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'citext'").fetchone()
    if found is None:
        pytest.skip("this server has no citext")
    models = (
        "import sqlalchemy as sa; from sqlalchemy.dialects.postgresql import CITEXT; metadata = MetaData(); "
        'sa.Table("t", metadata, sa.Column("email", CITEXT))'
    )
    history: list[dict[str, object]] = [{"id": "a1", "upgrade": 'op.execute("CREATE EXTENSION citext")'}]
    drawn = draw_project(project_in(tmp_path, history, models), "models", no_live, shadow)
    assert drawn.graph.entities[0].columns[0].type == "public.citext"


def test_a_database_without_a_project(make_database: Callable[..., str]) -> None:
    url = make_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE SCHEMA other; CREATE TABLE other.t (id int)")
    graph = draw_database(DatabaseUrl.parse(url)).graph
    assert domains_of(graph) == {"other.t": "default"}
