"""Check one value of a file against the type of its column, before anything connects.

What passes is handed to PostgreSQL as the text that the type's own input function reads: no number goes through a
float, and values are compared by the server, not here.
"""

import datetime
import ipaddress
import json
import re
import uuid
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from headworks.redaction import MASK, is_secret
from headworks.seed import _cells, _nodes
from headworks.seed.errors import NotInEnumError, NullValueError, TooLongError, WrongTypeError
from headworks.seed.records import Place, SeedValue

__all__ = ["Raw", "convert", "from_cell", "from_node", "storage_type"]

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_INTEGERS = ((sa.SmallInteger, "smallint", 15), (sa.BigInteger, "bigint", 63), (sa.Integer, "integer", 31))
_DATE = re.compile(r"\d{4,}-\d{2}-\d{2}")
_FOREVER = {"infinity", "-infinity"}
_WORDS = {"int": "a number", "float": "a number", "bool": "a boolean", "timestamp": "a date", "null": "null"}
_TOO_DEEP = 100


class Raw(msgspec.Struct, frozen=True):
    """A value as the file has it. `kind` is YAML's (`str`, `int`, ..., `list`, `map`, `null`) or `csv`."""

    kind: str
    text: str
    place: Place
    node: Any = None


class _MismatchError(Exception):
    """The value is not of the type: what was wanted, and what to write instead."""

    def __init__(self, expected: str, advice: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.advice = advice
        self.item: Raw | None = None  # the item of a list that it is about


def from_cell(cell: _cells.Cell) -> Raw:
    """A CSV cell: everything is text, and nothing is null."""
    return Raw("null" if cell.text is None else "csv", cell.text or "", cell.place)


def from_node(node: _nodes.Node, place: Place) -> Raw:
    """A YAML node, a quoted scalar being text whatever it looks like."""
    if isinstance(node, _nodes.ScalarNode):
        return Raw(_nodes.kind(node), str(node.value), place, node)
    return Raw("list" if isinstance(node, _nodes.SequenceNode) else "map", "", place, node)


def storage_type(type_: "sa.types.TypeEngine[Any]") -> "sa.types.TypeEngine[Any]":
    """The PostgreSQL type under decorators, variants and domains."""
    impl: Any = type_.dialect_impl(_DIALECT)
    while True:
        if isinstance(impl, sa.types.TypeDecorator):
            impl = impl.impl
        elif isinstance(impl, postgresql.DOMAIN):
            impl = impl.data_type
        else:
            found: sa.types.TypeEngine[Any] = impl
            return found


def convert(raw: Raw, column: "sa.Column[Any]", field: str) -> SeedValue:
    """Check a value for a column. Raises a `SeedFileError` that names the place, the field and the table."""
    about: dict[str, Any] = {
        "file": raw.place.file,
        "line": raw.place.line,
        "column": raw.place.column,
        "field": field,
        "table": column.table.fullname,
    }
    if raw.kind == "null":
        if not column.nullable:
            raise NullValueError(**about)
        return SeedValue(None, "null", None, raw.place)
    type_ = storage_type(column.type)
    hidden = is_secret(field) or is_secret(column.name)
    shown = MASK if hidden else _shown(raw)
    if isinstance(type_, sa.Enum) and raw.text not in type_.enums and raw.kind not in ("list", "map"):
        raise NotInEnumError(**about, value=shown, labels=", ".join(type_.enums))
    limit = type_.length if isinstance(type_, sa.String) and not isinstance(type_, sa.Enum) else None
    if limit is not None and len(raw.text) > limit:
        raise TooLongError(**about, value=shown, length=len(raw.text), limit=limit)
    try:
        text, as_json, identity = _read(raw, type_)
    except _MismatchError as mismatch:
        if mismatch.item is not None:
            place = mismatch.item.place
            about |= {"line": place.line, "column": place.column}
            shown = MASK if hidden else _shown(mismatch.item)
        expected, advice = mismatch.expected, mismatch.advice
        if hidden and raw.text:
            advice = advice.replace(raw.text, MASK)
        raise WrongTypeError(**about, value=shown, expected=expected, advice_on_type=advice) from None
    return SeedValue(text, as_json, identity, raw.place)


def _read(raw: Raw, type_: "sa.types.TypeEngine[Any]") -> tuple[str, str, Any]:
    """The text for PostgreSQL, the JSON for `json_to_recordset`, and what makes equal values equal."""
    if isinstance(type_, sa.JSON):
        document = _document(raw)
        return document, document, document
    if isinstance(type_, sa.ARRAY):
        return _array(raw, type_)
    if raw.kind in ("list", "map"):
        raise _MismatchError(_name(type_), "write one value, not a list or a mapping")
    if "\x00" in raw.text:
        raise _MismatchError(_name(type_), "PostgreSQL stores no NUL character")
    text = raw.text
    if isinstance(type_, sa.String):
        if raw.kind not in ("str", "csv"):
            raise _MismatchError("text", f'it is {_WORDS[raw.kind]} to YAML; quote it: "{text}"')
        identity: Any = text.lower() if isinstance(type_, postgresql.CITEXT) else text
        return text, json.dumps(text), identity
    for family, reader in _READERS:
        if isinstance(type_, family):
            text = text.strip()
            return text, json.dumps(text), reader(text, type_)
    return text, json.dumps(text), text


def _shown(raw: Raw) -> str:
    return repr(raw.text) if raw.kind not in ("list", "map") else {"list": "a list", "map": "a mapping"}[raw.kind]


def _name(type_: "sa.types.TypeEngine[Any]") -> str:
    return str(type_.compile(dialect=_DIALECT)).lower()


def _integer(text: str, type_: Any) -> int:
    name, bits = next((name, bits) for family, name, bits in _INTEGERS if isinstance(type_, family))
    if not re.fullmatch(r"[-+]?[0-9]+", text):
        raise _MismatchError(name, "write digits alone")
    number = int(text)
    if not -(2**bits) <= number < 2**bits:
        raise _MismatchError(name, f"the range is {-(2**bits)} to {2**bits - 1}")
    return number


def _decimal(text: str, type_: Any) -> Decimal | str:
    if text.lower() in {"nan", "infinity", "-infinity"}:
        return text.lower()
    try:
        if "_" in text:  # Python reads 1_000; PostgreSQL does from 16 on only
            raise InvalidOperation
        return Decimal(text)
    except InvalidOperation:
        raise _MismatchError(_name(type_), "write a number, with a point for the decimals") from None


def _numeric(text: str, type_: Any) -> Decimal | str:
    number = _decimal(text, type_)
    if type_.precision is None:
        return number
    scale = type_.scale or 0
    if isinstance(number, str) or not number.is_finite():
        if text.lower() == "nan":
            return number
        raise _MismatchError(_name(type_), "it holds finite numbers alone")
    _, digits, exponent = number.normalize().as_tuple()
    decimals = max(0, -int(exponent))
    whole = max(0, len(digits) + int(exponent)) if number else 0
    if decimals > scale:
        # The server would round without a word.
        raise _MismatchError(_name(type_), f"it holds {scale} decimals")
    if whole > type_.precision - scale:
        raise _MismatchError(_name(type_), f"it holds {type_.precision - scale} digits before the point")
    return number


def _boolean(text: str, _: Any) -> bool:
    value = {"true": True, "t": True, "false": False, "f": False}.get(text.lower())
    if value is None:
        raise _MismatchError("boolean", "write true or false")
    return value


def _date(text: str, _: Any) -> Any:
    if text in _FOREVER:
        return text
    try:
        if not _DATE.fullmatch(text):
            raise ValueError(text)
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise _MismatchError("date", "write it as 2026-10-31") from None


def _timestamp(text: str, type_: Any) -> Any:
    if text in _FOREVER:
        return text
    wanted = "timestamp with time zone" if type_.timezone else "timestamp without time zone"
    advice = "write it as 2026-10-31T12:00:00" + ("+00:00" if type_.timezone else "")
    try:
        if not _DATE.match(text):
            raise ValueError(text)
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise _MismatchError(wanted, advice) from None
    # Without an offset the moment would depend on the session's TimeZone; with one, PostgreSQL would drop it.
    if (moment.tzinfo is not None) is not bool(type_.timezone):
        raise _MismatchError(wanted, advice)
    return moment.astimezone(datetime.UTC) if type_.timezone else moment


def _time(text: str, _: Any) -> Any:
    try:
        return datetime.time.fromisoformat(text)
    except ValueError:
        raise _MismatchError("time", "write it as 12:30:00") from None


def _uuid(text: str, _: Any) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise _MismatchError("uuid", "write it as 0190a6f0-0000-7000-8000-000000000000") from None


def _bytes(text: str, _: Any) -> bytes:
    try:
        if not text.startswith("\\x"):
            raise ValueError(text)
        return bytes.fromhex(text[2:])
    except ValueError:
        raise _MismatchError("bytea", r"write it in hexadecimal: '\xdeadbeef'") from None


def _address(text: str, _: Any) -> Any:
    try:
        return ipaddress.ip_interface(text)
    except ValueError:
        raise _MismatchError("network address", "write it as 192.0.2.1 or 192.0.2.0/24") from None


_READERS: tuple[tuple[type, Callable[[str, Any], Any]], ...] = (
    (sa.Boolean, _boolean),
    (sa.Integer, _integer),
    (sa.Float, _decimal),
    (sa.Numeric, _numeric),
    (sa.DateTime, _timestamp),
    (sa.Date, _date),
    (sa.Time, _time),
    (sa.Uuid, _uuid),
    (sa.LargeBinary, _bytes),
    (postgresql.INET, _address),
    (postgresql.CIDR, _address),
)


def _array(raw: Raw, type_: Any) -> tuple[str, str, Any]:
    if raw.kind in ("csv", "str") and raw.text.startswith("{") and raw.text.endswith("}"):
        return raw.text, json.dumps(raw.text), raw.text  # PostgreSQL's own array text
    if raw.kind != "list":
        raise _MismatchError(_name(type_), "write a list: [a, b]")
    item = storage_type(type_.item_type)
    texts: list[str] = []
    documents: list[str] = []
    identities: list[Any] = []
    for node in raw.node.value:
        part = from_node(node, _nodes.place(raw.place.file, node))
        if part.kind == "null":
            text, document, identity = "NULL", "null", None
        elif part.kind == "list":
            text, document, identity = _array(part, type_)
        else:
            try:
                if isinstance(item, sa.Enum) and part.text not in item.enums:
                    raise _MismatchError("label of the enum", f"one of: {', '.join(item.enums)}")
                text, document, identity = _read(part, item)
            except _MismatchError as mismatch:
                mismatch.item = mismatch.item or part
                raise
            text = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        texts.append(text)
        documents.append(document)
        identities.append(identity)
    return "{" + ",".join(texts) + "}", "[" + ",".join(documents) + "]", tuple(identities)


def _document(raw: Raw) -> str:
    """A JSON document: YAML's own structure, or, in a CSV file, JSON text."""
    if raw.kind == "csv":
        try:
            json.loads(raw.text)
        except ValueError:
            raise _MismatchError("json", 'write a JSON document: {"a": 1}') from None
        return raw.text
    return _json(raw.node, 0)


def _json(node: _nodes.Node, depth: int) -> str:
    if depth > _TOO_DEEP:  # an alias can make a YAML tree endless
        raise _MismatchError("json", f"it is nested more than {_TOO_DEEP} deep")
    if isinstance(node, _nodes.SequenceNode):
        return "[" + ", ".join(_json(item, depth + 1) for item in node.value) + "]"
    if isinstance(node, _nodes.MappingNode):
        pairs = (f"{json.dumps(str(key.value))}: {_json(value, depth + 1)}" for key, value in _nodes.items(node))
        return "{" + ", ".join(pairs) + "}"
    text, kind = str(node.value), _nodes.kind(node)
    if kind == "null":
        return "null"
    if kind == "bool":
        return text.lower()
    if kind in ("int", "float"):
        if not re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", text):
            raise _MismatchError("json", f"JSON has no number {text}")
        return text
    return json.dumps(text)
