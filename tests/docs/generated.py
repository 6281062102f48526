"""Pages, or parts of pages, that are made from the code: compared, or written by `nox -s docs -- --write`."""

import os
from pathlib import Path

__all__ = ["BEGIN", "END", "ROOT", "part", "settle", "writing"]

ROOT = Path(__file__).parents[2]
BEGIN = "<!-- Made from the code, down to the end mark: nox -s docs -- --write -->"
END = "<!-- The end of what is made; what follows is written by hand. -->"


def writing() -> bool:
    """Whether pages are to be written rather than compared."""
    return bool(os.environ.get("HEADWORKS_WRITE_DOCS"))


def settle(page: Path, text: str) -> None:
    """Write the page, or assert that it is this text."""
    if writing():
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
        return
    name = page.relative_to(ROOT)
    assert page.exists(), f"{name} is not there: nox -s docs -- --write"
    assert page.read_text(encoding="utf-8") == text, f"{name} is out of date: nox -s docs -- --write"


def part(page: Path, made: str) -> str:
    """The page with what is between its two marks made anew; a page that is not there yet is that part alone."""
    if not page.exists():
        return f"{BEGIN}\n\n{made.strip()}\n\n{END}\n"
    before, begun, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, ended, after = rest.partition(END)
    assert begun, f"{page.name} has no {BEGIN}"
    assert ended, f"{page.name} has no {END}"
    return f"{before}{BEGIN}\n\n{made.strip()}\n\n{END}{after}"
