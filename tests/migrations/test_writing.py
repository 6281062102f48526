"""New revision files: their names, their places, and what autogenerate puts into them."""

import datetime
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from headworks import config
from headworks.migrations import errors
from headworks.migrations.plan import plan_upgrade
from headworks.migrations.project import Project
from headworks.migrations.runner import Runner
from headworks.migrations.writing import (
    BadPattern,
    Body,
    NothingToMerge,
    RevisionRefused,
    TemplateMissing,
    merge_heads,
    new_id,
    write_revision,
)
from headworks.postgres.url import DatabaseUrl
from projects import make_project, table

PATTERN = {"revision": {"id": "{date}_{number:02}_{slug}"}}
SAID = {"a": "shop", "mine": "shop", "theirs": "auth"}
TODAY = f"{datetime.date.today():%Y%m%d}"
MODELS = """
import sqlalchemy as sa
sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Text))
sa.Table("mine", metadata, sa.Column("id", sa.Integer, sa.ForeignKey("a.id"), index=True))
sa.Table("theirs", metadata, sa.Column("id", sa.Integer, index=True))
sa.Table("nobodys", metadata, sa.Column("id", sa.Integer))
"""


def again(project: Project) -> Project:
    return Project(config.load(folder=project.folder))


def test_a_plain_project_from_its_first_revision_on(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    first = write_revision(project, domain="default", message="First things")
    second = write_revision(again(project), domain="default", message="second")
    history = again(project).history
    assert [one.path for one in history.revisions] == [first, second]
    assert [one.doc for one in history.revisions] == ["First things", "second"]
    assert history.domains == ("default",)
    assert history.revisions[1].down == (history.revisions[0].id,)


def test_a_domain_a_folder(tmp_path: Path) -> None:
    places = ";".join(str(tmp_path / "migrations" / "versions" / name) for name in ("auth", "shop"))
    ini = {"version_locations": places, "path_separator": ";", "version_path_separator": ";"}
    revisions = [table("u", folder="auth", label="auth"), table("a", folder="shop", label="shop", after=None)]
    project = make_project(tmp_path, revisions, ini=ini, config=PATTERN)
    made = write_revision(project, domain="shop", message="Läden: öffnen!", depends_on=["u"])
    assert made.parent == tmp_path / "migrations" / "versions" / "shop"
    assert made.name.startswith(f"{TODAY}_01_l_den_ffnen")
    revision = again(project).history.by_id[f"{TODAY}_01_l_den_ffnen"]
    assert (revision.down, revision.depends_on, revision.domain) == (("a",), ("u",), "shop")
    assert write_revision(again(project), domain="auth", message="x").stem.startswith(f"{TODAY}_02_x")
    with pytest.raises(errors.UnknownDomain):
        write_revision(again(project), domain="shipping", message="x")
    with pytest.raises(errors.TargetRefused):
        write_revision(again(project), domain="shipping", message="x", new_domain=True)


def test_a_domain_a_folder_below_one_location(tmp_path: Path) -> None:
    """`recursive_version_locations`: Alembic itself refuses such a folder as a place to write to."""
    ini = {"recursive_version_locations": "true"}
    revisions = [table("u", folder="auth", label="auth"), table("a", folder="shop", label="shop", after=None)]
    project = make_project(tmp_path, revisions, ini=ini)
    versions = tmp_path / "migrations" / "versions"
    assert write_revision(project, domain="auth", message="x").parent == versions / "auth"
    body = Body(upgrade=("pass",), downgrade=("pass",))
    assert write_revision(again(project), domain="shop", message="y", body=body).parent == versions / "shop"
    first = write_revision(again(project), domain="shipping", message="z", new_domain=True)
    assert first.parent == versions / "shipping"
    assert set(again(project).history.domains) == {"auth", "shop", "shipping"}


def test_two_heads_of_a_folder_are_merged_there(tmp_path: Path) -> None:
    revisions = [
        table("u", folder="auth", label="auth"),
        table("v", folder="auth"),
        table("w", after="u", folder="auth"),
    ]
    project = make_project(tmp_path, revisions, ini={"recursive_version_locations": "true"})
    assert merge_heads(project, domain="auth", message="one").parent.name == "auth"


def test_a_file_template_that_says_the_folder_itself(tmp_path: Path) -> None:
    ini = {"recursive_version_locations": "true", "file_template": "%%(year)d/%%(rev)s_%%(slug)s"}
    project = make_project(tmp_path, [table("u", folder="2019")], ini=ini)
    made = write_revision(project, domain=project.history.domains[0], message="x")
    assert made.parent == tmp_path / "migrations" / "versions" / f"{datetime.date.today():%Y}"


def test_a_new_domain_is_a_new_branch(tmp_path: Path) -> None:
    project = make_project(tmp_path, [table("a")])
    write_revision(project, domain="shop", message="x", new_domain=True)
    history = again(project).history
    assert set(history.domains) == {"default", "shop"}
    assert history.of_domain("shop")[0].down == ()


def test_an_id_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    project = make_project(tmp_path, config={"revision": {"id": "{slug}"}})
    first = write_revision(project, domain="default", message="same")
    before = first.read_text()
    with pytest.raises(RevisionRefused):
        write_revision(again(project), domain="default", message="Same!")
    assert first.read_text() == before


@pytest.mark.parametrize("pattern", ["{nonsense}", "{date", "{}", "{number:zz}"])
def test_patterns_that_are_none(pattern: str, tmp_path: Path) -> None:
    with pytest.raises(BadPattern) as caught:
        new_id(make_project(tmp_path).history, pattern, "x", datetime.date(2026, 1, 2))
    assert pattern in str(caught.value)
    assert "{date}" in caught.value.advice


def test_ids_count_on(tmp_path: Path) -> None:
    history = make_project(tmp_path, [table("a", id="20250101_07_a"), table("b", id="99_other")]).history
    today = datetime.date(2026, 1, 2)
    assert new_id(history, "{date}_{number:02}_{slug}", "Add B", today) == "20260102_08_add_b"
    assert new_id(history, None, "Add B", today) is None
    assert new_id(history, "v{number}", "x", today) == "v1"


def test_merging(tmp_path: Path, make_database: Callable[..., str]) -> None:
    project = make_project(tmp_path, [table("a"), table("b"), table("c", after="a")], config=PATTERN)
    with pytest.raises(errors.SeveralHeads):
        write_revision(project, domain="default", message="x")
    merge_heads(project, domain="default", message="merge heads")
    merged = again(project)
    assert merged.history.head("default") == f"{TODAY}_01_merge_heads"
    assert set(merged.history.by_id[f"{TODAY}_01_merge_heads"].down) == {"b", "c"}
    with pytest.raises(NothingToMerge):
        merge_heads(merged, domain="default", message="x")
    url = DatabaseUrl.parse(make_database())
    ran = Runner(merged, url).run("upgrade", lambda rows: plan_upgrade(merged.history, rows, ["heads"]))
    assert len(ran) == 4


@pytest.mark.parametrize("env", ["generic", "async"])
def test_autogenerate_keeps_to_the_domain(env: str, tmp_path: Path, make_database: Callable[..., str]) -> None:
    revisions = [table("a", label="shop"), table("u", after=None, label="auth")]
    project = make_project(tmp_path, revisions, env=env, preamble=MODELS)
    url = DatabaseUrl.parse(make_database())
    Runner(project, url).run("upgrade", lambda rows: plan_upgrade(project.history, rows, ["heads"]))
    made = write_revision(project, domain="shop", message="x", url=url, domain_of=lambda schema, name: SAID.get(name))
    text = made.read_text()
    upgrade = text[text.index("def upgrade") : text.index("def downgrade")]
    for expected in ("create_table('mine'", "create_table('nobodys'", "add_column('a'", "ix_mine_id"):
        assert expected in upgrade
    assert "theirs" not in text
    after = again(project)
    ran = Runner(after, url).run("upgrade", lambda rows: plan_upgrade(after.history, rows, ["heads"]))
    assert len(ran) == 1


def test_autogenerate_with_models_that_are_not_env_pys(tmp_path: Path, make_database: Callable[..., str]) -> None:
    project = make_project(tmp_path, [table("a")], preamble=MODELS.replace("metadata", "sa.MetaData()"))
    url = DatabaseUrl.parse(make_database())
    Runner(project, url).run("upgrade", lambda rows: plan_upgrade(project.history, rows, ["heads"]))
    metadata = sa.MetaData()
    sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("new", sa.Text))
    text = write_revision(project, domain="default", message="x", url=url, metadata=[metadata]).read_text()
    assert "op.add_column('a', sa.Column('new', sa.Text()" in text
    assert "drop_table" not in text


def test_a_project_without_a_template(tmp_path: Path) -> None:
    project = make_project(tmp_path, [table("a")])
    (tmp_path / "migrations" / "script.py.mako").unlink()
    with pytest.raises(TemplateMissing) as caught:
        write_revision(project, domain="default", message="x")
    subprocess.run(["sh", "-c", caught.value.advice.partition(": ")[2]], cwd=tmp_path, check=True)
    assert write_revision(project, domain="default", message="x").is_file()


def test_an_env_that_fails_while_a_revision_is_written(tmp_path: Path, make_database: Callable[..., str]) -> None:
    project = make_project(tmp_path, [table("a")], preamble="os.environ['NO_SUCH_VARIABLE']")
    with pytest.raises(errors.EnvFailed):
        write_revision(project, domain="default", message="x", url=DatabaseUrl.parse(make_database()))
    with pytest.raises(RevisionRefused):
        write_revision(
            make_project(tmp_path / "b", [table("a")]), domain="default", message="x", depends_on=["no_such_revision"]
        )
