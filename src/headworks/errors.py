"""The root of every error, and the exit codes.

An error is a small record: its class names the case, its fields hold the facts, its docstring is the message (a
`str.format` template over the fields) and `hint` is what to do next, in words that work when pasted. Tests match
types and fields, not words. Each room defines its own errors below this root; only the CLI turns one into an exit.
"""

import inspect
from enum import IntEnum
from typing import Any, ClassVar

from headworks.redaction import redact

__all__ = ["ExitCode", "HeadworksError", "UsageError"]


class ExitCode(IntEnum):
    """What the process returns (`docs/cli.md`, "Exit codes"). Nothing else is ever returned."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    FAILED = 3
    INTERRUPTED = 130


class HeadworksError(Exception):
    """{message}"""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED
    hint: ClassVar[str] = ""

    def __init__(self, **fields: Any) -> None:
        super().__init__(fields)
        self.fields = fields

    def __getattr__(self, name: str) -> Any:
        fields = self.__dict__.get("fields", {})
        if name in fields:
            return fields[name]
        raise AttributeError(name)

    def __str__(self) -> str:
        """One line: what is wrong and where. Never a password."""
        template = inspect.cleandoc(type(self).__doc__ or type(self).__name__)  # python -OO has no docstrings
        return _line(template.format_map(self.fields))

    @property
    def advice(self) -> str:
        """The hint, filled in; empty when there is none."""
        return _line(type(self).hint.format_map(self.fields))


class UsageError(HeadworksError):
    """{message}"""

    exit_code = ExitCode.USAGE


def _line(text: str) -> str:
    return redact(" ".join(text.split()))
