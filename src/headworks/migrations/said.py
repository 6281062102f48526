"""What statements say that can leave something in a session which the catalog does not tell of, or not cheaply."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, event

__all__ = ["Said"]

# A setting with a dot in its name is an application's or an extension's: pg_settings has none that SET made up.
_NAME = r"([a-z_][\w$]*(?:\"?\s*\.\s*\"?[a-z_][\w$]*)+)"
_SETS = re.compile(rf"\bset\s+(?:(?:session|local)\s+)?\"?{_NAME}|\bset_config\s*\(\s*[a-z]?'{_NAME}", re.IGNORECASE)
_DOTTED = re.compile(r"[a-z_][\w$]*(?:\.[a-z_][\w$]*)+", re.IGNORECASE)
_TRACES = {
    "advisory": re.compile("advisory", re.IGNORECASE),
    "prepared": re.compile(r"\b(prepare|hold)\b", re.IGNORECASE),
}


class Said:
    """What the statements of a connection, and of those before it, have said so far.

    `names` are settings, `traces` are `advisory` (locks) and `prepared` (statements and held cursors): said somewhere,
    perhaps in the body of a function that another step calls. `more` is true when the last word of these is a new one.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.traces: set[str] = set()
        self.more = False

    def listen(self, connection: Connection) -> None:
        """Hear its statements, as long as it lives; what was said before is asked for from now on."""
        self.more = False
        event.listen(connection, "before_cursor_execute", self._hear)

    def _hear(
        self, conn: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        names = set(_names(statement, parameters))
        traces = {word for word, pattern in _TRACES.items() if pattern.search(statement)}
        self.more = self.more or not (names <= self.names and traces <= self.traces)
        self.names |= names
        self.traces |= traces


def _names(statement: str, parameters: Any) -> Iterator[str]:
    for found in _SETS.finditer(statement):
        yield re.sub(r"[\"\s]", "", found[1] or found[2]).lower()
    if "set_config" in statement.lower():
        values = parameters.values() if isinstance(parameters, dict) else parameters or ()
        yield from (one.lower() for one in values if isinstance(one, str) and _DOTTED.fullmatch(one))
