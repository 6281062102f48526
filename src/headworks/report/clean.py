"""An outcome as it may be shown: no passwords, nothing that a terminal, a file or a parser would choke on.

Strings are cleaned one by one and before any layout: a URL that has been wrapped or quoted is none to `redact`.
"""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from headworks.findings import Finding, ObjectRef, Outcome
from headworks.redaction import MASK, redact

__all__ = ["cleaned"]

# What moves a terminal's cursor, what XML and HTML cannot hold, and what lets text be read in another order than it is
# stored (https://trojansource.codes). Line feed and tab are text.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")

_TEXTS = tuple(
    field.name for field in msgspec.structs.fields(Finding) if field.name not in ("severity", "object", "line")
)


def cleaned(outcome: Outcome, *, exact: bool = False) -> Outcome:
    """Redacted; control characters written as `\\x1b`, unless `exact`."""
    text = _exact if exact else _visible
    return Outcome(
        command=text(outcome.command),
        findings=tuple(_finding(one, text) for one in outcome.findings),
        stats=_value(outcome.stats, text),
        details=_value(outcome.details, text),
    )


def _finding(one: Finding, text: Callable[[str], str]) -> Finding:
    changes: dict[str, Any] = {}
    for name in _TEXTS:
        value = getattr(one, name)
        if value is not None and (clean := _value(value, text)) is not value:
            changes[name] = clean
    if one.object is not None and (ref := _ref(one.object, text)) != one.object:
        changes["object"] = ref
    return msgspec.structs.replace(one, **changes) if changes else one


def _ref(ref: ObjectRef, text: Callable[[str], str]) -> ObjectRef:
    def name(said: str) -> str:
        clean = text(said)
        # A name may hold a line feed, and is still one name in one line.
        return clean if text is _exact else clean.replace("\n", "\\n").replace("\t", "\\t")

    return ObjectRef(
        kind=text(ref.kind),
        name=name(ref.name),
        schema=None if ref.schema is None else name(ref.schema),
        table=None if ref.table is None else name(ref.table),
    )


def _value(value: Any, text: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, dict):
        return {_value(key, text): _value(_masked(key, one), text) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return tuple(_value(one, text) for one in value)
    if isinstance(value, set | frozenset):
        return tuple(sorted((_value(one, text) for one in value), key=str))
    return value


def _masked(key: Any, value: Any) -> Any:
    """A row's field, an option: `password` is no place for a value, whatever the value looks like."""
    return MASK if isinstance(value, str) and value and redact(f"{key}=x") != f"{key}=x" else value


def _exact(text: str) -> str:
    if not text.isascii():
        # A file name may hold bytes that are no text (PEP 383); nothing else can be written to a file.
        text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    lowered = text.lower()
    return redact(text) if "://" in text or "passw" in lowered else text


def _visible(text: str) -> str:
    return _UNSEEN.sub(lambda found: _escape(found[0]), _exact(text))


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
