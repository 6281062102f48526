"""Outcomes as text for people, JSON for programs, annotations for CI. Pure: values in, text out."""

from collections.abc import Callable

from headworks.findings import Outcome
from headworks.report.github import render_github
from headworks.report.json import render_json
from headworks.report.text import render_text

__all__ = ["FORMATS", "render"]

FORMATS: dict[str, Callable[[Outcome, bool], str]] = {
    "text": render_text,
    "json": render_json,
    "github": render_github,
}
"""The formats: given an outcome and `--strict`, the text."""


def render(outcome: Outcome, name: str, *, strict: bool = False) -> str:
    """The outcome in the format of this name (a key of `FORMATS`)."""
    return FORMATS[name](outcome, strict)
