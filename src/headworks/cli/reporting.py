"""How every check command ends: its outcome in the format asked for, and the exit code."""

import contextlib
import functools
import shutil
import sys
from collections.abc import Collection
from pathlib import Path

import msgspec

from headworks.cli import forge, state
from headworks.cli.hints import pasteable
from headworks.cli.terminal import coloured, nobody_reads
from headworks.errors import ExitCode, UsageError
from headworks.findings import Outcome
from headworks.report import FORMATS, WIDTH, render

__all__ = ["CheckWithoutFile", "FileUnreadable", "UnknownFormat", "check_format", "finish", "read_page", "write"]


class UnknownFormat(UsageError):
    """{option} {name}: there is no such format; the formats are {known}"""

    hint = "{option} {suggested}"


class CheckWithoutFile(UsageError):
    """--check compares with a file, and none is named"""

    hint = "{example}"


class FileUnreadable(UsageError):
    """{file}: cannot be read: {reason}"""

    hint = "name a text file; {command} writes it when --check is left out"


class OutputRefused(UsageError):
    """{file}: cannot be written: {reason}"""

    hint = "name another file with -o, or leave -o out to have it on stdout"


def check_format(name: str, *, option: str = "--format", known: Collection[str] = FORMATS) -> None:
    """Before any work is done. Raises `UnknownFormat`."""
    if name not in known:
        import difflib

        close = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
        raise UnknownFormat(option=option, name=name, known=", ".join(known), suggested=close[0])


def read_page(file: Path, command: str) -> str | None:
    """A file that `command` generates, as it is; `None` where there is none. Raises `FileUnreadable`."""
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(file=file, reason=getattr(error, "strerror", None) or error, command=command) from None


def finish(outcome: Outcome, name: str, output: Path | None, *, strict: bool = False) -> int:
    """Write the report; the exit code, also when nobody reads to the end (`headworks drift | head -1`)."""
    try:
        write(_rendered(outcome, name, output, strict=strict), output)
        sys.stdout.flush()
    except BrokenPipeError:
        nobody_reads()
    return ExitCode.DONE if outcome.ok(strict=strict) else ExitCode.FINDINGS


def _rendered(outcome: Outcome, name: str, output: Path | None, *, strict: bool) -> str:
    """As wide as the terminal, and in colours where it wants some; a file gets neither."""
    outcome = _with_hints(outcome, url=name == "text")  # of the others some are for all to read
    if name in forge.FORMATS:
        outcome = forge.below_the_top(outcome, state.root or Path.cwd())
    if output is not None:
        return render(outcome, name, strict=strict)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDTH
    return render(outcome, name, strict=strict, width=width, paint=coloured)


def _with_hints(outcome: Outcome, *, url: bool) -> Outcome:
    """Hints that work when pasted; many findings have the same."""
    if not state.named:
        return outcome
    again = functools.cache(functools.partial(pasteable, url=url))
    findings = [msgspec.structs.replace(one, hint=again(one.hint)) if one.hint else one for one in outcome.findings]
    return msgspec.structs.replace(outcome, findings=tuple(findings))


def write(text: str, output: Path | None) -> None:
    """To a file, in one go (never half-written), or to stdout. In UTF-8, which is what JSON and XML say they are in."""
    if output is None:
        try:
            print(text, end="")
        except UnicodeEncodeError:  # a locale of another encoding; nothing has been written yet
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
            sys.stdout.flush()
        return
    scratch = output.with_name(f".{output.name}.new")
    try:
        if output.exists() and not output.is_file():  # /dev/null, a pipe: to be written to, never to be replaced
            output.write_text(text, encoding="utf-8")
            return
        output.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(output)
    except OSError as error:
        with contextlib.suppress(OSError):
            scratch.unlink(missing_ok=True)
        raise OutputRefused(file=output, reason=error.strerror) from None
