"""docs/policy.md: its revisions go through the gate, its configuration is our own, and no rule is forgotten."""

import re
import tomllib
from pathlib import Path

from generated import ROOT
from shop import write_shop

from helpers import Headworks

PAGE = (ROOT / "docs/policy.md").read_text(encoding="utf-8")


def test_expand_and_contract_goes_through_the_gate(tmp_path: Path, headworks: Headworks, server_url: str) -> None:
    write_shop(tmp_path)
    files = re.findall(r"^```python\n# (migrations/\S+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for name, text in files:
        (tmp_path / name).write_text(text, encoding="utf-8")
    ran = headworks("gate", "--checks", "schema,data,locks", "--shadow-url", server_url, "--strict")
    assert ran.code == 0, ran.out + ran.err
    for name, _ in files:
        assert re.search(rf"^ok +{Path(name).stem} ", ran.out, re.MULTILINE)
    assert len(files) == 3


def test_the_configuration_is_our_own() -> None:
    (block,) = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    shown = tomllib.loads(block)["tool"]["headworks"]
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["headworks"]
    assert shown == {name: ours[name] for name in shown}


def test_the_owners_are_our_own() -> None:
    (block,) = re.findall(r"^```text\n(/migrations/.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert set(block.splitlines()) <= set((ROOT / "CODEOWNERS").read_text(encoding="utf-8").splitlines())


def test_every_rule_of_the_gate_has_its_line() -> None:
    """A rule that is no error for people to weigh (a note on what could not be looked at) needs none."""
    table = (ROOT / "docs/gate.md").read_text(encoding="utf-8")
    rules = set(re.findall(r"^\| `(gate\.[a-z-]+)` \| (?:error|warning) \|", table, re.MULTILINE))
    assert rules - set(re.findall(r"`(gate\.[a-z-]+)`", PAGE)) == set()
    assert rules
