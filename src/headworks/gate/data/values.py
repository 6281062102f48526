"""Candidates for a column, by its type: texts in the type's own input form, for the server to judge."""

import datetime
import hashlib
import ipaddress
from collections.abc import Callable, Iterator
from itertools import islice, pairwise

from headworks.gate.data.constants import Constants
from headworks.gate.data.types import FIRST_USER_OID, Type, Types

__all__ = ["candidates", "is_known"]

_MOST = 40
_LONG = 300
_WIDE = 2000
"""An index takes no key of more than 2,704 bytes."""
_ODD = 'Zo\u00eb\'s 100% "\u6f22\u5b57" \U0001f642 \\ '


def candidates(types: Types, oid: int, modifier: int, constants: Constants, start: int, *, key: str = "") -> list[str]:
    """Some values of a type, the most ordinary first, the oddest last, different ones for each `start`.

    `constants` are those of the checks that the values must pass; `key` is the name of a column that tells rows apart.
    But for the first, its texts, numbers and UUIDs are its own: what is to point to it one day, and does not have to
    yet, meets it in one row, as a revision that joins the two expects, and in another one points nowhere.
    """
    plain, modifier = types.plain(oid, modifier)
    found: dict[str, None] = {}
    own = _of_constants(plain.name, constants, start)
    for text in (*islice(own, _MOST), *_ordinary(types, plain.oid, modifier, constants, start, key=key)):
        if _fits(plain.name, modifier, text):
            found.setdefault(text)
    return list(found)


def is_known(one: Type) -> bool:
    """Whether every candidate of this plain type is one of its values, so that nobody must try."""
    written = (one.name in _BY_NAME or one.name in _WRITTEN) and one.name != "xml"  # a server can be built without it
    return one.oid < FIRST_USER_OID and one.kind == "b" and written


def _fits(name: str, modifier: int, text: str) -> bool:
    """A cast would cut a long text silently."""
    return name not in ("varchar", "bpchar") or modifier < 0 or len(text) <= modifier - 4


def _of_constants(name: str, constants: Constants, start: int) -> Iterator[str]:
    if not constants:
        return
    if name in ("text", "varchar", "bpchar", "citext", "name", "char"):
        yield from constants.as_texts(start)
    elif name in ("int2", "int4", "int8"):
        yield from (str(int(one)) for one in constants.as_numbers())
    elif name in ("numeric", "float4", "float8", "money"):
        yield from (f"{one:f}" for one in constants.as_numbers())
    elif name in ("date", "timestamp", "timestamptz"):
        yield from constants.as_moments()
    elif name in ("json", "jsonb"):
        yield from _objects(constants.texts)
        yield from constants.texts
    elif name != "bool":
        if name in ("inet", "cidr"):
            yield from _inside(constants.texts, start)
        yield from constants.texts


def _inside(texts: list[str], start: int) -> Iterator[str]:
    """Addresses and networks inside of those that a check names."""
    for text in texts:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            continue
        room = max(network.num_addresses - 2, 1)
        yield from (str(network[(1 + start + step) % room]) for step in range(4))


def _objects(words: list[str]) -> Iterator[str]:
    keys = [word for word in words if word.isidentifier()]
    if not keys:
        return
    for value in ('"a"', "1", "true", "[]", "{}", *(_quoted(word, '"', '"') for word in keys)):
        yield "{" + ", ".join(f'"{key}": {value}' for key in keys) + "}"
    for key in keys:
        yield f'{{"{key}": "a"}}'
        yield f'{{"{key}": 1}}'


def _ordinary(types: Types, oid: int, modifier: int, constants: Constants, start: int, *, key: str) -> Iterator[str]:
    one = types[oid]
    if one.kind == "e":
        shift = start % max(len(one.labels), 1)
        yield from one.labels[shift:] + one.labels[:shift]
    elif one.element:
        yield from _arrays(candidates(types, one.element, modifier, constants, start))
    elif one.kind == "r":
        yield from _ranges(candidates(types, one.inner, -1, constants, start))
    elif one.kind == "m":
        inner = candidates(types, one.inner, -1, constants, start)
        yield from (f"{{{text}}}" for text in inner)
        yield "{}"
    elif one.kind == "c":
        parts = [candidates(types, part, size, constants, start) or [""] for part, size in one.fields]
        for number in range(3):
            inside = (_quoted(texts[number % len(texts)], '"', '""') for texts in parts)
            yield f"({','.join(inside)})"
    elif one.name in ("text", "varchar", "bpchar", "citext"):
        yield from _texts(start, modifier - 4 if modifier >= 4 else None, key=key)
    elif one.name in ("int2", "int4", "int8"):
        yield from _integers(one.name, start, key=key)
    elif one.name in ("numeric", "money"):
        yield from _decimals(start, modifier if one.name == "numeric" else ((14 << 16) | 2) + 4)
    elif one.name in ("bit", "varbit"):
        size = modifier if modifier > 0 else 1 if one.name == "bit" else 8
        yield from (f"{(start + step + 1) % (1 << min(size, 60)):0{size}b}" for step in range(3))
    elif one.name == "uuid":
        for step in range(4):
            yield from _uuids(start + step, key=key if step else "")
    elif made := _BY_NAME.get(one.name):
        for step in range(4):
            yield from made(start + step)
    else:
        yield from _unknown(start, modifier)


def _texts(start: int, most: int | None, *, key: str) -> Iterator[str]:
    mark = f"{_mark(key):04x}" if key else ""
    shift = 13 + (_mark(key) % 400 if most is not None and most > 1 else 0)
    for step in range(4):
        text = f"key-{mark}-{start + step}" if key and step else f"sample-{start + step}"
        if most is None or len(text) <= most:
            yield text
        else:  # the end of it is what tells it from the next one
            yield _short(start + step + (shift if key and step else 0), most)
    yield f"{'KEY' if key else 'SAMPLE'} {start}"[: most or None]
    yield f"sample{start}@example.com"
    size = _LONG if most is None else min(most, _WIDE)
    if size > 2:
        head = f"{mark}{start} "
        yield (head + _ODD * 2 + "long " * (size // 5))[:size].rstrip(" ").ljust(size, "g")


def _mark(key: str) -> int:
    """A number of two bytes that stands for the column."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:2])


def _short(number: int, most: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    text = ""
    for _ in range(most):
        number, rest = divmod(number, len(letters))
        text = letters[rest] + text
    return text


def _integers(name: str, start: int, *, key: str) -> Iterator[str]:
    first = 1001 if key else 1  # low numbers are what a revision gives to rows of its own
    own = 1001 + _mark(key) % 20_000 if key else first
    yield from (str((own if step else first) + start + step) for step in range(4))
    yield from ("0", str(100 + start), str(-1 - start))
    # More than the next smaller type takes.
    yield str({"int2": 301, "int4": 40001, "int8": 3000000001}[name] + start)


def _decimals(start: int, modifier: int) -> Iterator[str]:
    whole, scale = 11, 6
    if modifier >= 4:
        precision, scale = (modifier - 4) >> 16 & 0xFFFF, (modifier - 4) & 0x7FF
        scale = scale - 0x800 if scale >= 0x400 else scale
        whole = precision - scale
    tiny = f"0.{'0' * (scale - 1)}{start % 9 + 1}" if scale > 0 else ""
    if whole > 0:
        limit = 10 ** min(whole, 18)
        yield from (str((1 + start + step) % limit) for step in range(4))
        yield from ("0", str((10 + start) % limit))
    else:
        yield from filter(None, (tiny, "0"))
    if scale > 0:
        yield f"{start % 10 if whole > 0 else 0}.5" if scale < 2 else f"{start % 10 if whole > 0 else 0}.25"
    yield str(-1 - start) if whole > 1 else "0"
    digits = "1234567890" * 40
    if whole > 0:
        last = digits[1 : whole + 1] if whole > 1 else str(start % 9 + 1)
        # A digit in the middle tells it from that of another row.
        last = last[: whole // 2] + str(start % 10) + last[whole // 2 + 1 :] if whole > 2 else last
        yield f"{last}.{digits[:scale]}" if scale > 0 else last


def _day(number: int) -> datetime.date:
    return datetime.date(2024, 2, 28) + datetime.timedelta(days=number)


def _dates(start: int) -> Iterator[str]:
    yield _day(start).isoformat()
    yield _day(20 + 31 * start).isoformat()
    yield datetime.date(2199, 1, 1 + start % 28).isoformat()
    yield datetime.date(1969, 12, 1 + start % 28).isoformat()


def _moments(start: int) -> Iterator[str]:
    yield f"{_day(start)} 12:00:00"
    yield f"{_day(20 + 31 * start)} 08:30:00.5"
    yield f"{datetime.date(2199, 1, 1 + start % 28)} 00:00:00"
    yield f"{datetime.date(1969, 12, 1 + start % 28)} 23:59:59.123456"


def _zoned(start: int) -> Iterator[str]:
    return (f"{text}+00" for text in _moments(start))


def _uuids(start: int, *, key: str = "") -> Iterator[str]:
    # Four for each start, and none of them another start's.
    digits = hashlib.sha256(f"headworks {key}{start}".encode()).hexdigest()
    yield f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def _jsons(start: int) -> Iterator[str]:
    # As jsonb writes it, so that json and jsonb hold the same text.
    yield f'{{"a": {start}}}'
    yield "{}"
    yield f"[{start}, {start + 1}]"
    yield f'"text {start}"'
    yield f'{{"a": {{"b": [null, true, {start}.5]}}, "z": "Zo\u00eb"}}'


_WRITTEN = {"text", "varchar", "bpchar", "int2", "int4", "int8", "numeric", "money", "bit", "varbit"}
_BY_NAME: dict[str, Callable[[int], Iterator[str]]] = {
    "bool": lambda start: iter(("true", "false") if start % 2 == 0 else ("false", "true")),
    "float4": lambda start: iter((f"{start + 1}.5", str(start + 1), "0", f"-{start + 1}.25")),
    "float8": lambda start: iter((f"{start + 1}.5", str(start + 1), "0", f"1234567.{start + 1}89")),
    "date": _dates,
    "timestamp": _moments,
    "timestamptz": _zoned,
    "time": lambda start: iter((f"{start % 24:02}:30:00", "00:00:00", f"23:59:{start % 60:02}.123456")),
    "timetz": lambda start: iter((f"{start % 24:02}:30:00+00", f"23:59:{start % 60:02}.123456+02")),
    "interval": lambda start: iter((f"{start + 1} days", f"{start + 1}:00:00", f"1 mon {start} days 02:00:01.5", "0")),
    "uuid": _uuids,
    "json": _jsons,
    "jsonb": _jsons,
    "jsonpath": lambda start: iter((f"$.a{start}", "$.*")),
    "bytea": lambda start: iter((f"\\x{start % 65536:04x}", "\\x", f"\\xdeadbeef00{start % 256:02x}")),
    "inet": lambda start: iter((f"10.0.{start // 256 % 256}.{start % 256}", f"2001:db8::{start % 65536:x}")),
    "cidr": lambda start: iter((f"10.{start // 256 % 256}.{start % 256}.0/24", f"2001:db8:{start % 65536:x}::/48")),
    "macaddr": lambda start: iter((f"08:00:2b:01:{start // 256 % 256:02x}:{start % 256:02x}",)),
    "macaddr8": lambda start: iter((f"08:00:2b:01:02:03:{start // 256 % 256:02x}:{start % 256:02x}",)),
    "char": lambda start: iter((chr(97 + start % 26),)),
    "name": lambda start: iter((f"sample_{start}",)),
    "xml": lambda start: iter((f"<a>{start}</a>", f'<a b="{start}"><c/></a>')),
    "tsvector": lambda start: iter((f"'a{start}':1 'b':2", f"'word{start}'")),
    "tsquery": lambda start: iter((f"'a{start}' & 'b'", f"'word{start}'")),
    "point": lambda start: iter((f"({start},1)", f"({start}.5,-2)")),
    "line": lambda start: iter((f"{{1,-1,{start}}}",)),
    "lseg": lambda start: iter((f"[(0,0),({start + 1},1)]",)),
    "box": lambda start: iter((f"({start + 2},2),({start + 1},1)", f"({start * 10 + 5},5),({start * 10},0)")),
    "path": lambda start: iter((f"[(0,0),({start + 1},1)]", f"((0,0),(1,1),({start + 2},0))")),
    "polygon": lambda start: iter((f"((0,0),(1,1),({start + 2},0))",)),
    "circle": lambda start: iter((f"<({start},0),1>", f"<({start * 10},0),2.5>")),
    "pg_lsn": lambda start: iter((f"0/{start + 1:X}",)),
    "oid": lambda start: iter((str(start + 1),)),
    "xid8": lambda start: iter((str(start + 1),)),
    "regclass": lambda start: iter(("pg_class", "pg_type")),
    "regtype": lambda start: iter(("integer", "text")),
    "regproc": lambda start: iter(("now",)),
    "regrole": lambda start: iter(("pg_monitor",)),
    "regnamespace": lambda start: iter(("pg_catalog",)),
    "ltree": lambda start: iter((f"a.b{start}", f"c{start}")),
    "hstore": lambda start: iter((f'"a"=>"{start}"', f'"b"=>NULL, "c"=>"{start}"')),
    "cube": lambda start: iter((f"({start}, 1)",)),
    "isbn": lambda start: iter(("978-0-393-04002-9",)),
}


def _arrays(elements: list[str]) -> Iterator[str]:
    quoted = [_quoted(text, '"', '\\"', "\\\\") for text in elements]
    for number, text in enumerate(quoted[:4]):
        yield f"{{{text}}}"
        yield f"{{{text},{quoted[(number + 1) % len(quoted)]}}}"
    yield "{" + ",".join(quoted[:3]) + "}"
    if quoted:
        yield f"{{{quoted[-1]}}}"
    yield "{}"


def _ranges(elements: list[str]) -> Iterator[str]:
    ends = [_quoted(text, '"', '""', "\\\\") for text in elements]
    for low, high in pairwise(ends):
        yield f"[{low},{high})"
        yield f"[{high},{low})"  # one of the two ways round is the right one
    if ends:
        yield f"[{ends[0]},)"
        yield f"(,{ends[-1]})"
    yield "empty"


def _quoted(text: str, quote: str, escaped: str, backslash: str = "\\\\") -> str:
    """A value inside of an array's, a range's or a row's text."""
    return '"' + text.replace("\\", backslash).replace(quote, escaped) + '"'


def _unknown(start: int, modifier: int) -> Iterator[str]:
    """A type of an extension: what most of them read."""
    if modifier > 0:  # vector(3)
        yield "[" + ",".join(str(start + step + 1) for step in range(modifier)) + "]"
    yield from (f"POINT({start} 1)", f"LINESTRING(0 0,{start + 1} 1)", f"POLYGON((0 0,{start + 1} 0,0 1,0 0))")
    yield from (f"[{start + 1},2,3]", f"({start},1)", str(start + 1), f"sample{start}", f'{{"a": {start}}}', "{}", "")
