"""The table at the end: what the gate said of each published project, and where the witness says otherwise."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from installed import ON_ROWS, PROJECTS, VERDICTS, Installed, Project, cache

LAST = ("disagreements", "gate s", "witness s")
SCHEMA = ("revisions", *VERDICTS, "skipped", *LAST)
ROWS = ("tables", "filled", "rows", "data-lost", *ON_ROWS, "table-rewrite", "full-scan", "observed-lock", *LAST)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "published: needs PyPI, and minutes; `nox -s published` runs it")


@pytest.fixture(scope="session", params=PROJECTS, ids=lambda one: one.package)
def project(request: pytest.FixtureRequest) -> Project:
    """Each published project in turn."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def installed(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The same, installed into a virtual environment of its own, with a folder to run in."""
    folder: Path | None = cache()
    if folder is None:
        pytest.skip("installs published packages from PyPI: nox -s published (HEADWORKS_PUBLISHED names their folder)")
    return Installed.of(project, folder, tmp_path_factory.mktemp(project.package))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    rows = [dict(one.user_properties) for one in reports if one.when == "call"]
    for columns, witness in ((SCHEMA, "pg_dump"), (ROWS, "SELECT")):
        if some := [row for row in rows if columns[0] in row]:
            terminalreporter.section(f"published histories: the gate, and {witness} as its witness")
            for line in _lines(some, columns):
                terminalreporter.write_line(line)


def _lines(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> Iterator[str]:
    table = [["project", *columns], *([str(row[name]) for name in ("project", *columns)] for row in rows)]
    numbers = [[row[name] for row in rows] for name in columns]
    table.append(
        [
            "all",
            *(
                f"{sum(column):.{1 if name.endswith(' s') else 0}f}"
                for name, column in zip(columns, numbers, strict=True)
            ),
        ]
    )
    widths = [max(len(line[place]) for line in table) for place in range(len(columns) + 1)]
    for line in table:
        first, *others = (
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join([first, *others])
