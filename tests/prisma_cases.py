"""The case folders of `tests/cases/prisma`: a database, a Prisma schema, and what is to be said of the two.

a.sql             the database
schema.prisma     the file
owned.txt         tables that Prisma owns, if any
expected.txt      a finding a line: line, severity, rule, object, attribute; then both values and the hint
written.prisma    the file after --write, where that changes it
"""

from collections.abc import Iterator
from pathlib import Path

from headworks.findings import Outcome
from headworks.owners.prisma.compare import Owned

__all__ = ["CASES", "case_names", "owned_in", "said"]

CASES = Path(__file__).parent / "cases" / "prisma"


def case_names() -> list[str]:
    """The folders, by name."""
    return sorted(one.name for one in CASES.iterdir() if one.is_dir())


def owned_in(folder: Path) -> Owned:
    """What `owned.txt` says."""
    file = folder / "owned.txt"
    names = set(file.read_text().split()) if file.exists() else set()
    return lambda schema, name: schema == "public" and name in names


def said(outcome: Outcome) -> str:
    """The findings as `expected.txt` has them."""
    return "".join(_lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    for one in outcome.findings:
        what = " ".join(str(part) for part in (one.object, one.attribute) if part is not None)
        rule = one.rule.removeprefix("owners.prisma-")
        yield f"{one.line} {one.severity.value} {rule} {what}".rstrip() + f": {one.message}\n"
        for word, value in (("expected", one.expected), ("actual", one.actual), ("hint", one.hint)):
            if value is not None:
                yield f"    {word}: {value}\n"
