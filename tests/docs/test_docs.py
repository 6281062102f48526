"""The docs say what is there: every command, option, key and link."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from headworks import config
from headworks.cli.app import COMMANDS, program
from headworks.findings import Finding
from headworks.report import FORMATS
from headworks.report.rules import RULES

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)


def test_every_command_has_a_section_on_the_command_line_page() -> None:
    sections = re.findall(r"^## (\S+)$", (ROOT / "docs/cli.md").read_text(), re.MULTILINE)
    assert sections == list(COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_commands_in_the_docs_exist_with_their_options(page: Path) -> None:
    group = program
    shown = "\n".join(
        [*_blocks(page, "console"), *_blocks(page, "sh"), *re.findall(r"`(headworks [^`]*)`", page.read_text())]
    )
    for line in re.findall(r"headworks ([a-z]+(?: [^\n#&|]*)?)", shown):
        words = line.split()
        command = group.get_command(None, words[0])  # type: ignore[attr-defined]
        assert command is not None, f"{page.name}: headworks {line}"
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        for word in words[1:]:
            if word.startswith("-") and word not in ("-h", "--help") and not re.fullmatch(r"-\d+", word):
                assert word.partition("=")[0] in known, f"{page.name}: headworks {line}"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    """To a file that is there and, where they name one, to a heading in it."""
    for target in re.findall(r"\]\(([^)\s]+)\)", _prose(page)):
        file, _, heading = target.partition("#")
        if "://" in target:
            continue
        place = page.parent / file if file else page
        assert place.exists(), f"{page.name}: {target}"
        assert not heading or heading in _anchors(place), f"{page.name}: {target}"


def test_anchors_are_those_of_github() -> None:
    assert {"is-read-compare", "exit-codes", "three-lines-for-each-of-its-users"} - {
        _anchor(title) for title in ("Is, `read`, *compare*!", "Exit codes", "Three lines for each of its users")
    } == set()
    assert _anchors(ROOT / "docs/cli.md") >= {"exit-codes", "options-of-most-commands"}


def _prose(page: Path) -> str:
    """Without code, in which brackets are no links."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"(?<!\[)`[^`\n]+`", "", text)


def _anchors(page: Path) -> set[str]:
    """What a link to the page may name, as GitHub and the site make it of the headings."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return {_anchor(title) for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def test_every_key_of_the_config_is_documented() -> None:
    text = (ROOT / "docs/configuration.md").read_text()
    tables = re.split(r"key of `\[(tool\.headworks[^\]]*)\]`", text)
    documented = {
        name: set(re.findall(r"^\| `(\w+)` \|", body, re.MULTILINE))
        for name, body in zip(tables[1::2], tables[2::2], strict=True)
    }
    nested = {
        field.name: field.type
        for field in msgspec.structs.fields(config._Keys)
        if hasattr(field.type, "__struct_fields__")
    }
    plain = {field.name for field in msgspec.structs.fields(config._Keys)} - set(nested)
    assert documented.pop("tool.headworks") == plain
    assert documented == {f"tool.headworks.{name}": set(kind.__struct_fields__) for name, kind in nested.items()}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_configurations_in_the_docs_are_valid(page: Path, tmp_path: Path) -> None:
    for block in _blocks(page, "toml"):
        file = tmp_path / "pyproject.toml"
        file.write_text(block)
        assert "headworks" in tomllib.loads(block)["tool"]
        config.load(file)


@pytest.mark.parametrize("page", ["drift.md", "gate.md"])
def test_every_rule_in_the_code_is_documented_and_the_other_way_round(page: str) -> None:
    room = page.removesuffix(".md")
    documented = set(re.findall(rf"`({room}\.[a-z-]+)`", (ROOT / "docs" / page).read_text()))
    sources = [*(ROOT / "src/headworks" / room).rglob("*.py")]
    used = {rule for source in sources for rule in re.findall(rf'"({room}\.[a-z-]+)"', source.read_text())}
    assert documented == used
    assert "rule" in Finding.__struct_fields__


def test_every_format_of_a_report_has_a_section() -> None:
    sections = re.findall(r"^## (\S+)$", (ROOT / "docs/reports.md").read_text(), re.MULTILINE)
    assert sections == [*FORMATS, "Rules"]


def test_every_rule_that_a_report_explains_is_in_the_docs() -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    assert {name for name in RULES if f"`{name}`" not in text} == set()


def test_two_commands_are_two_blocks_of_one_line() -> None:
    section = re.search(r"^## Two commands$(.*?)^## ", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert section
    # Fences of any language: CI takes the second line of code in the section as the one to run.
    blocks = re.findall(r"^```\w*\n(.*?)^```", section[1], re.MULTILINE | re.DOTALL)
    assert [len(block.strip().splitlines()) for block in blocks] == [1, 1]


@pytest.mark.parametrize("page", [*PAGES, ROOT / "pyproject.toml", ROOT / "noxfile.py"], ids=_name)
def test_no_machine_paths(page: Path) -> None:
    assert not re.search(r"/root/|/work/|/tmp/|pyenv", page.read_text())


def test_the_table_of_the_comparison_adds_up() -> None:
    """The figures are measured by hand (`nox -s coverage`, `nox -s faults`); no column can be changed alone."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## How it compares")[2].partition("\n## ")[0]
    tables = [re.findall(r"^\|.*", text, re.MULTILINE) for text in section.split("\n\n") if text.startswith("| ")]
    assert len(tables) == 2
    for lines in tables:
        rows = [list(map(int, re.findall(r"\| \**(\d+)\**(?= \|)", line))) for line in lines[2:]]
        *parts, total = rows
        assert len(parts) == 4
        assert total == [sum(column) for column in zip(*parts, strict=True)]
        assert all(seen <= row[0] for row in parts for seen in row)
