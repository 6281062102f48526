"""How every check command ends: its outcome in the format asked for, and the exit code."""

from pathlib import Path

from headworks.errors import ExitCode, UsageError
from headworks.findings import Outcome
from headworks.report import FORMATS, render

__all__ = ["UnknownFormat", "check_format", "finish"]


class UnknownFormat(UsageError):
    """--format {name}: the formats are {known}"""


class OutputRefused(UsageError):
    """{file}: cannot be written: {reason}"""


def check_format(name: str) -> None:
    """Before any work is done. Raises `UnknownFormat`."""
    if name not in FORMATS:
        raise UnknownFormat(name=name, known=", ".join(FORMATS))


def finish(outcome: Outcome, name: str, output: Path | None, *, strict: bool = False) -> int:
    """Write the report; the exit code."""
    write(render(outcome, name, strict=strict), output)
    return ExitCode.DONE if outcome.ok(strict=strict) else ExitCode.FINDINGS


def write(text: str, output: Path | None) -> None:
    """To a file, in one go (never half-written), or to stdout."""
    if output is None:
        print(text, end="")
        return
    scratch = output.with_name(f".{output.name}.new")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(output)
    except OSError as error:
        raise OutputRefused(file=output, reason=error.strerror) from None
