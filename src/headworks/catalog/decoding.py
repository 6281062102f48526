"""The rows of a query, as JSON -> the objects of a kind."""

import threading

from headworks.catalog.secrets import cleaner
from headworks.catalog.statements import MANY
from headworks.schema import Object
from headworks.schema.codec import decode_records

__all__ = ["Decoder", "Dropped", "Remembering"]

# What format_type prints for a type that was dropped meanwhile. A name like that would be quoted, and a quote inside of
# a text has a backslash before it.
_GONE = b'type":"???"'


class Dropped(Exception):
    """Something that the snapshot lists was dropped before all of it was printed."""


class Decoder:
    """Makes the objects of a kind of what its query gave: a row each, or one for all where the kind is of `MANY`.

    Raises `Dropped`, or msgspec's ValidationError for a record that is none.
    """

    def __call__(self, kind: type[Object], rows: list[bytes]) -> frozenset[Object]:
        """The objects, hashed: while the server is at work on what comes next."""
        return self._objects(kind, rows[0] if kind in MANY else b"[" + b",".join(rows) + b"]")

    def _objects(self, kind: type[Object], text: bytes) -> frozenset[Object]:
        if _GONE in text:
            raise Dropped(f"a type was dropped that a {kind.kind} has")
        # Arrays alone: their decoders were made before there were threads (see headworks.schema.codec).
        records = decode_records(kind, text)
        clean = cleaner(kind, text)
        return frozenset(records if clean is None else map(clean, records))


class Remembering(Decoder):
    """Does not decode again what it decoded last of a kind, and gives the same objects.

    A database that is read over and over, and two that the same migrations made, say most things in the same bytes.
    """

    def __init__(self) -> None:
        self._known: dict[type[Object], tuple[bytes, frozenset[Object]]] = {}
        self._lock = threading.Lock()

    def _objects(self, kind: type[Object], text: bytes) -> frozenset[Object]:
        with self._lock:  # of two threads that come with the same, the second waits for what the first makes
            known = self._known.get(kind)
            if known is None or known[0] != text:
                known = self._known[kind] = (text, super()._objects(kind, text))
            return known[1]
