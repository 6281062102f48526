"""The filters that env.py takes from the manifest: what they let through, and what they import."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from headworks.config import ConfigBroken
from headworks.owners.filters import AlembicFilter


def project(folder: Path, owners: str) -> Path:
    (folder / "pyproject.toml").write_text(f"[tool.headworks.owners]\n{owners}\n")
    env = folder / "migrations" / "env.py"
    env.parent.mkdir()
    env.touch()
    return env


@pytest.mark.parametrize(
    ("owners", "own", "others"),
    [
        ("", ["users", "cron.job"], ["headworks_history"]),
        ('prisma = ["accounts", "_prisma_*"]', ["users", "accounts_of_ours"], ["accounts", "_prisma_migrations"]),
        ('external = ["cron.*"]', ["job", "public.job"], ["cron.job"]),
        ('external = ["public.job"]', ["cron.job"], ["job", "public.job"]),
        ('alembic = ["users", "shop.*"]', ["users", "shop.orders"], ["orders", "headworks_history"]),
    ],
)
def test_what_alembic_sees(owners: str, own: list[str], others: list[str], tmp_path: Path) -> None:
    mine = AlembicFilter(project(tmp_path, owners))
    for path, expected in [*((one, True) for one in own), *((one, False) for one in others)]:
        schema, _, name = path.rpartition(".")
        table = sa.Table(name, sa.MetaData(), sa.Column("id", sa.Integer, index=True), schema=schema or None)
        index, *_ = table.indexes
        parents = {"schema_name": schema or None, "table_name": name}
        assert mine.include_name(name, "table", {"schema_name": schema or None}) is expected
        assert mine.include_name("id", "column", parents) is expected
        assert mine.include_object(table, name, "table", True, None) is expected
        assert mine.include_object(table.c.id, "id", "column", False, None) is expected
        assert mine.include_object(index, index.name, "index", False, None) is expected
    assert mine.include_name("cron", "schema", {}), "a schema is not a table"
    assert mine.include_name(None, "schema", {})


def test_a_config_of_its_own_is_named_and_a_broken_one_is_said(tmp_path: Path) -> None:
    file = tmp_path / "headworks.toml"
    file.write_text('[owners]\nprisma = ["accounts"]\n')
    assert not AlembicFilter(file).owns("accounts")
    file.write_text("[owners]\nprisma = 3\n")
    with pytest.raises(ConfigBroken):
        AlembicFilter(file)


def test_where_there_is_no_config_nothing_is_left_out(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    mine = AlembicFilter(tmp_path)
    assert mine.owns("accounts")
    assert not mine.owns("headworks_history")


def test_it_imports_neither_sqlalchemy_nor_alembic() -> None:
    program = "import sys, headworks.owners.filters; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"sqlalchemy", "alembic", "psycopg", "click", "rich"}
