"""The gate on histories that nobody here wrote, with plain Alembic, `pg_dump` and SELECT as the witnesses."""

import json
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from installed import ON_ROWS, ROOT, VERDICTS, Installed

pytestmark = pytest.mark.published
PAGE = ROOT / "docs" / "published.md"
WITNESS = Path(__file__).with_name("witness.py")
RECORDER, SURVIVORS = (Path(__file__).with_name(f"{name}.py") for name in ("recorder", "survivors"))
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
        if set(one["verdicts"]) != said[name] - ({"reupgrade-differs"} if "again" in one else set())
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
    if _is_usual(server_major):
        page = _on_the_page(installed.project.package, columns=len(row) + 2)
        expected = [installed.project.version, *map(str, row.values())]
        assert page == expected, f"{PAGE.name} should say: {[*row.values()]}"


def test_the_gate_and_who_reads_all_rows_agree(
    installed: Installed,
    server_url: str,
    server_major: int,
    pg_bindir: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """Checks `data` and `locks`: they end, fill the tables, and say of rows what is to be seen with the naked eye."""
    began = time.monotonic()
    words = ("gate", "--checks", "data,locks", "--format", "json", "--output", "rows.json", "--shadow-url", server_url)
    installed.run(str(RECORDER), str(pg_bindir / "pg_dump"), "dumps", *words, codes=(0, 1))
    between = time.monotonic()
    installed.run(str(SURVIVORS), server_url, str(pg_bindir / "psql"), "dumps", "survivors.json")
    ended = time.monotonic()

    gate = json.loads((installed.place / "rows.json").read_text())
    witness = json.loads((installed.place / "survivors.json").read_text())["revisions"]
    wrong = []
    for one in witness:
        mine = [found for found in gate["findings"] if found["revision"] == one["revision"]]
        losses = sorted({_path(found["object"]) for found in mine if found["rule"] == "gate.data-lost"})
        verdicts = {found["rule"].removeprefix("gate.") for found in mine}.intersection(ON_ROWS)
        if (losses, verdicts) != (one["lost"], set(one["verdicts"])):
            theirs = f"{one['lost']} lost, {one['verdicts']} {one['why']}"
            wrong.append(f"{one['revision']}: the gate says {losses} lost, {sorted(verdicts)}; the witness {theirs}")
    counted = Counter(found["rule"].removeprefix("gate.") for found in gate["findings"])
    row = {name: gate["details"]["data"][name] for name in ("tables", "filled", "rows")}
    row |= {name: counted[name] for name in ("data-lost", *ON_ROWS, "table-rewrite", "full-scan", "observed-lock")}
    record_property("project", f"{installed.project.package} {installed.project.version}")
    for name, value in row.items():
        record_property(name, value)
    record_property("disagreements", len(wrong))
    record_property("gate s", round(between - began, 1))
    record_property("witness s", round(ended - between, 1))

    assert not wrong, "\n".join(wrong)
    unknown = {found["revision"] for found in gate["findings"]} - {one["revision"] for one in witness} - {None}
    assert not unknown, "each revision that the gate judges was dumped before"
    assert all(one["rows"] for one in witness[1:] if row["tables"]), "and what was dumped had rows in it"
    if _is_usual(server_major):
        page = _on_the_page(installed.project.package, columns=len(row) + 1)
        assert page == [*map(str, row.values())], f"{PAGE.name} should say: {[*row.values()]}"


def _path(ref: dict[str, str]) -> str:
    """`public.orders.total`"""
    return ".".join(part for part in (ref["schema"], ref["table"], ref["name"]) if part)


def _is_usual(server_major: int) -> bool:
    """Whether it is the server of the page: another one can do more, or less."""
    return server_major == 18 and "HEADWORKS_TEST_SERVER" not in os.environ


def _verdicts(gate: dict[str, object], revisions: list[str]) -> dict[str, set[str]]:
    """What the check `schema` says of each revision; a note names those that were not run, and judges none."""
    said: dict[str, set[str]] = {name: set() for name in revisions}
    for finding in gate["findings"]:  # type: ignore[attr-defined]
        rule = finding["rule"].removeprefix("gate.")
        if rule in VERDICTS and finding["severity"] != "note":
            said[finding["revision"]].add(rule)
    return said


def _on_the_page(package: str, *, columns: int) -> list[str]:
    """The figures that the docs give of a project, in the table that has so many columns."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text().splitlines()
        if line.startswith("|")
    ]
    found = [row[1:] for row in rows if row[0] == f"`{package}`" and len(row) == columns]
    assert len(found) == 1, f"{PAGE.name} has {len(found)} rows of figures of {package}"
    return found[0]
