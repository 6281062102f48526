"""The table at the end: what the gate said of each published project, and where the witness says otherwise."""

from pathlib import Path

import pytest
from installed import PROJECTS, VERDICTS, Installed, Project, cache

COLUMNS = ("revisions", *VERDICTS, "skipped", "disagreements", "gate s", "witness s")


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
    rows = [row for row in rows if "revisions" in row]
    if not rows:
        return
    terminalreporter.section("published histories: the gate, and pg_dump as its witness")
    table = [["project", *COLUMNS], *([str(row[name]) for name in ("project", *COLUMNS)] for row in rows)]
    numbers = [[row[name] for row in rows] for name in COLUMNS]
    table.append(
        [
            "all",
            *(
                f"{sum(column):.{1 if name.endswith(' s') else 0}f}"
                for name, column in zip(COLUMNS, numbers, strict=True)
            ),
        ]
    )
    widths = [max(len(line[place]) for line in table) for place in range(len(COLUMNS) + 1)]
    for line in table:
        first, *others = (
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        terminalreporter.write_line("  ".join([first, *others]))
