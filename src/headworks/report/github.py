"""GitHub Actions' workflow commands: annotations at file and line.

GitHub shows ten errors, ten warnings and ten notices of a step, and all of them in its log.
"""

from headworks.findings import Finding, Outcome, Severity
from headworks.report.view import View

__all__ = ["render"]

_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(outcome: Outcome, view: View) -> str:
    """A line a finding (`::error file=...,line=...,title=RULE::message`); empty when there is none."""
    return "".join(f"{_line(one)}\n" for one in outcome.findings)


def _line(one: Finding) -> str:
    properties = {"file": one.file, "line": one.line, "title": one.rule}
    pairs = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items() if value is not None)
    text = one.message + (f"\n{one.hint}" if one.hint else "")
    return f"::{_WORDS[one.severity]} {pairs}::{_data(text)}"


# https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts: what the runner decodes
def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
