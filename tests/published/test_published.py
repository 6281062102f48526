"""The gate on histories that nobody here wrote, with plain Alembic and `pg_dump` as the witness of each verdict."""

import json
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from installed import ROOT, VERDICTS, Installed

pytestmark = pytest.mark.published
PAGE = ROOT / "docs" / "published.md"
WITNESS = Path(__file__).with_name("witness.py")
GATE = ("-m", "headworks", "gate", "--checks", "schema,branches,whole", "--format", "json", "--output", "gate.json")


def test_the_gate_and_pg_dump_agree(
    installed: Installed,
    server_url: str,
    server_major: int,
    pg_bindir: Path,
    record_property: Callable[[str, object], None],
) -> None:
    began = time.monotonic()
    installed.run(*GATE, "--shadow-url", server_url, codes=(0, 1))
    between = time.monotonic()
    gate = json.loads((installed.place / "gate.json").read_text())
    order = []
    if installed.project.order == "gate":
        (installed.place / "order.json").write_text(
            json.dumps([one["revision"] for one in gate["details"]["revisions"]])
        )
        order = ["order.json"]
    installed.run(str(WITNESS), server_url, str(pg_bindir / "pg_dump"), "witness.json", *order)
    ended = time.monotonic()

    witness = {one["revision"]: one for one in json.loads((installed.place / "witness.json").read_text())["revisions"]}
    said = _verdicts(gate, list(witness))
    wrong = [
        f"{name}: the gate says {sorted(said[name])}, the witness {one['verdicts']} {one['why']}"
        for name, one in witness.items()
        if set(one["verdicts"]) != said[name]
    ]
    counted = Counter(verdict for verdicts in said.values() for verdict in verdicts)
    row = {"revisions": len(said)} | {name: counted[name] for name in VERDICTS}
    row["skipped"] = sum(one["skipped"] for one in witness.values())
    record_property("project", f"{installed.project.package} {installed.project.version}")
    for name, value in row.items():
        record_property(name, value)
    record_property("disagreements", len(wrong))
    record_property("gate s", round(between - began, 1))
    record_property("witness s", round(ended - between, 1))

    assert not wrong, "\n".join(wrong)
    assert gate["stats"]["revisions"] == len(witness)
    if server_major != 18 or "HEADWORKS_TEST_SERVER" in os.environ:  # another server can do more, or less
        return
    page = _on_the_page(installed.project.package)
    assert page == [installed.project.version, *map(str, row.values())], f"{PAGE.name} should say: {[*row.values()]}"


def _verdicts(gate: dict[str, object], revisions: list[str]) -> dict[str, set[str]]:
    """What the check `schema` says of each revision; a note names those that were not run, and judges none."""
    said: dict[str, set[str]] = {name: set() for name in revisions}
    for finding in gate["findings"]:  # type: ignore[attr-defined]
        rule = finding["rule"].removeprefix("gate.")
        if rule in VERDICTS and finding["severity"] != "note":
            said[finding["revision"]].add(rule)
    return said


def _on_the_page(package: str) -> list[str]:
    """The figures that the docs give of a project."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text().splitlines()
        if line.startswith("|")
    ]
    found = [row[1:] for row in rows if row[0] == f"`{package}`" and len(row) == len(VERDICTS) + 4]
    assert len(found) == 1, f"{PAGE.name} has {len(found)} rows of figures of {package}"
    return found[0]
