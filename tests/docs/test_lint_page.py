"""docs/lint/ has a page for every rule, with its case's files, and docs/lint.md lists them; both are generated."""

from pathlib import Path

import pytest
from generated import settle

from headworks.lint.known import all_rules
from headworks.lint.revisions import RULES
from headworks.lint.rule import LintRule
from headworks.lint.run import OWN_RULES
from headworks.report.rules import page_of

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "lint.md"
PAGES = ROOT / "docs" / "lint"
_HEAD = "## Rules\n\n"


def page(rule: LintRule) -> str:
    """Problem, fix, example: what it finds, and the same as it should be."""
    folder = ROOT / "tests" / "cases" / "lint" / rule.name
    (bad,), (good,) = folder.glob("bad.*"), folder.glob("good.*")
    language = {".sql": "sql", ".py": "python"}[bad.suffix]
    default = f"`{rule.severity}`" if rule.severity else "off until the config turns it on"
    settings = (folder / "case.toml").read_text().partition("]\n")[2].strip().replace("[lint", "[tool.headworks.lint")
    return (
        f"# {rule.name}\n\nA rule of [`headworks lint`](../lint.md): `{rule.id}`, {default}.\n\n"
        f"{rule.problem}\n\n**Fix:** {rule.fix}\n\n"
        + (f"```toml\n{settings}\n```\n\n" if settings else "")
        + f"What it finds:\n\n```{language}\n{bad.read_text()}```\n\nRight:\n\n```{language}\n{good.read_text()}```\n"
    )


def line(rule: LintRule) -> str:
    """Its row in the list."""
    default = f"`{rule.severity}`" if rule.severity else "off"
    return f"| [`{rule.name}`](lint/{rule.name}.md) | {default} | {rule.problem.replace('|', chr(92) + '|')} |\n"


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_every_rule_has_its_page(rule: LintRule) -> None:
    settle(PAGES / f"{rule.name}.md", page(rule))


def test_every_rule_is_in_the_list() -> None:
    made = "| rule | default | finds |\n|---|---|---|\n" + "".join(map(line, all_rules()))
    before, _, _ = PAGE.read_text().partition(_HEAD)
    settle(PAGE, before + _HEAD + made)


def test_no_page_is_left_of_a_rule_that_is_gone() -> None:
    assert {one.stem for one in PAGES.glob("*.md")} == {rule.name for rule in all_rules()}


def test_what_lint_says_of_its_own_run_is_there() -> None:
    text = PAGE.read_text()
    assert {name for name in OWN_RULES | RULES if f"`{name}`" not in text} == set()


def test_what_lint_says_of_its_own_run_leads_to_the_list() -> None:
    for name in OWN_RULES | RULES:
        assert page_of(name).endswith("/docs/lint.md"), name
    assert page_of("lint.squawk-ban-drop-column").endswith("/docs/lint.md")
    for rule in all_rules():
        assert page_of(rule.id).endswith(f"/docs/lint/{rule.name}.md")
