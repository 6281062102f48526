"""docs/lint.md shows every rule with its case's files; `HEADWORKS_WRITE_DOCS=1` writes that part of the page."""

import os
from pathlib import Path

from headworks.lint.known import all_rules
from headworks.lint.revisions import RULES
from headworks.lint.rule import LintRule
from headworks.lint.run import OWN_RULES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "lint.md"
_HEAD = "## Rules\n\n"


def section(rule: LintRule) -> str:
    folder = ROOT / "tests" / "cases" / "lint" / rule.name
    (bad,), (good,) = folder.glob("bad.*"), folder.glob("good.*")
    language = {".sql": "sql", ".py": "python"}[bad.suffix]
    default = f"`{rule.severity}`" if rule.severity else "off until the config turns it on"
    settings = (folder / "case.toml").read_text().partition("]\n")[2].strip().replace("[lint", "[tool.headworks.lint")
    return (
        f"### {rule.name}\n\n`{rule.id}`, {default}. {rule.problem}\n\n**Fix:** {rule.fix}\n\n"
        + (f"```toml\n{settings}\n```\n\n" if settings else "")
        + f"What it finds:\n\n```{language}\n{bad.read_text()}```\n\nRight:\n\n```{language}\n{good.read_text()}```\n"
    )


def test_every_rule_has_its_section() -> None:
    made = "\n".join(map(section, all_rules()))
    before, _, listed = PAGE.read_text().partition(_HEAD)
    if os.environ.get("HEADWORKS_WRITE_DOCS"):
        PAGE.write_text(before + _HEAD + made)
    else:
        assert listed == made


def test_what_lint_says_of_its_own_run_is_there() -> None:
    text = PAGE.read_text()
    assert {name for name in OWN_RULES | RULES if f"`{name}`" not in text} == set()
