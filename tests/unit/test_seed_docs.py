"""The examples of `docs/seeds.md` are a set that loads, and the page knows every setting and mode."""

import re
import runpy
from pathlib import Path

import pytest

from headworks import seed
from headworks.seed.heads import SETTINGS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "seeds.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```(?:yaml|csv)\n# (seeds/shop/\S+)\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for name, text in EXAMPLES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "seeds" / "shop"


def test_the_examples_load(shop: Path) -> None:
    models = runpy.run_path(str(ROOT / "tests" / "cases" / "seed" / "models.py"))
    loaded = seed.load_set(shop, [models["core"], models["other"]])
    assert {file.table.name for file in loaded.files} == {
        "roles",
        "categories",
        "permissions",
        "grants",
        "cities",
        "countries",
    }
    assert all(file.rows for file in loaded.files)
    assert seed.render_sql([loaded]).startswith("BEGIN;")


def test_every_example_is_one() -> None:
    assert len(EXAMPLES) == len(re.findall(r"```(?:yaml|csv)\n", PAGE))


@pytest.mark.parametrize("word", [*SETTINGS, *(mode.value for mode in seed.Mode)])
def test_settings_and_modes_are_on_the_page(word: str) -> None:
    assert f"| `{word}` |" in PAGE
