"""Names that nobody chose: told by PostgreSQL's own rules, or by the revision's text, which does not say them.

Sources: `makeObjectName` and `ChooseIndexNameAddition` in src/backend/commands/indexcmds.c, `ChooseConstraintName` in
src/backend/catalog/pg_constraint.c.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from headworks.findings import ObjectRef
from headworks.schema import Action, Change, Column, Constraint, Domain, Index, Schema, diff

__all__ = ["Difference", "differences", "made_name"]

_LIMIT = 63
_SUFFIXES = {"unique": "key", "foreign key": "fkey", "check": "check", "exclusion": "excl", "primary key": "pkey"}
_NEXT = re.compile(r"nextval\('(?P<name>(?:[^']|'')+)'::regclass\)")

_Named: TypeAlias = Constraint | Index
_Mentions = Callable[[str], bool]


class Difference(msgspec.Struct, frozen=True):
    """A change; `in_name_alone` says that it is the name of something that has none of a person's choice."""

    change: Change
    in_name_alone: bool = False


def differences(expected: Schema, actual: Schema, mentions: _Mentions) -> list[Difference]:
    """What tells `actual` from `expected`; what is equal but for a made-up name is one change, of its `name`.

    `mentions` says whether the code that made `actual` has the word.
    """
    changes = diff(expected, actual)
    pairs = [
        (old, new)
        for old, new in _pairs(_named(expected, changes), _named(actual, changes))
        if _is_made(old) or _is_made(new) or not mentions(new.name)
    ]
    by_old = {old.ref: new.name for old, new in pairs}
    by_new = {new.ref for _, new in pairs}
    # Which index is the replica identity, a table says by the index's name.
    identities = {(old.schema, old.table, f"index {old.name}", f"index {new.name}") for old, new in pairs}
    found: list[Difference] = []
    said: set[ObjectRef] = set()
    for change in changes:
        ref = change.object
        told = {
            Action.MISSING: ref in by_old,
            Action.UNEXPECTED: ref in by_new,
            Action.CHANGED: ref in by_old and ref in by_new,  # two have changed names
        }[change.action]
        if told:
            if ref in by_old and ref not in said:
                said.add(ref)
                found.append(_renaming(ref, ref.name, by_old[ref]))
        elif (ref.schema, ref.name, change.expected, change.actual) not in identities:
            found.append(_of_part(change, expected, actual, mentions) or Difference(change))
    return found


def made_name(table: str, addition: str, suffix: str) -> str:
    """`table_addition_suffix`, the longer of the first two cut until 63 bytes hold it all."""
    sizes = [len(table.encode()), len(addition.encode())]
    room = _LIMIT - len(suffix) - 1 - (1 if addition else 0)
    while sum(sizes) > room:
        sizes[0 if sizes[0] > sizes[1] else 1] -= 1
    parts = [
        text.encode()[:size].decode(errors="ignore")
        for text, size in zip((table, addition), sizes, strict=True)
        if text
    ]
    return "_".join([*parts, suffix])


def _named(picture: Schema, changes: Iterable[Change]) -> list[_Named]:
    """The constraints and indexes of the picture that are not the other's as they are."""
    objects = (picture.get(ref) for ref in dict.fromkeys(change.object for change in changes))
    return [one for one in objects if isinstance(one, _Named)]


def _pairs(old: Sequence[_Named], new: Sequence[_Named]) -> Iterator[tuple[_Named, _Named]]:
    """Those of one table that are equal but for the name, each with one other."""
    left = list(new)
    for one in old:
        as_named = ((other, msgspec.structs.replace(other, name=one.name)) for other in left)
        if (found := next((other for other, same in as_named if same == one), None)) is not None:
            left.remove(found)
            if found.name != one.name:
                yield one, found


def _is_made(one: _Named) -> bool:
    """Whether PostgreSQL makes up this name for it, with a number where the name was taken."""
    if isinstance(one, Index):
        columns = [*one.keys, *one.include]
        plain = all(re.fullmatch(r"\w+|\"(?:[^\"]|\"\")+\"", key) for key in columns)
        additions = {_joined(map(_unquoted, columns))} if plain else None
        return _fits(one.name, one.table, additions, "idx")
    suffix = _SUFFIXES[one.type]
    if one.type == "primary key":
        return _fits(one.name, one.table, {""}, suffix)
    if one.type in ("unique", "foreign key"):
        return _fits(one.name, one.table, {_joined([*one.columns, *one.include])}, suffix)
    words = set(re.findall(r"\w+", one.expression or ""))
    # A check of one column has its name; what an exclusion is about is in no list.
    return _fits(one.name, one.table, {"", *words} if one.type == "check" else None, suffix)


def _fits(name: str, table: str, additions: set[str] | None, suffix: str) -> bool:
    found = re.search(rf"_{suffix}(?P<number>(?:[1-9][0-9]*)?)$", name)
    if found is None:
        return False
    if additions is None:
        return name.startswith(f"{table}_"[: found.start()])
    return any(name == made_name(table, one, suffix + found["number"]) for one in additions)


def _joined(columns: Iterable[str]) -> str:
    text = ""
    for one in columns:
        text += f"_{one}" if text else one
        if len(text.encode()) > _LIMIT:
            break
    return text


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def _renaming(ref: ObjectRef, old: str, new: str) -> Difference:
    return Difference(Change(Action.CHANGED, ref, "name", old, new), in_name_alone=True)


def _of_part(change: Change, expected: Schema, actual: Schema, mentions: _Mentions) -> Difference | None:
    """The same of what is no object of its own: a NOT NULL constraint, the sequence of an identity or serial column."""
    one, other = expected.get(change.object), actual.get(change.object)
    if isinstance(one, Domain) and isinstance(other, Domain) and change.attribute == "not_null_name":
        return _by_name(change, one.not_null_name, other.not_null_name, made_name(one.name, "", "not_null"), mentions)
    if not isinstance(one, Column) or not isinstance(other, Column):
        return None
    if change.attribute in ("not_null", "sequence"):
        (old, rest), (new, others) = _apart(change.expected), _apart(change.actual)
        if rest != others:
            return None
        suffix = "not_null" if change.attribute == "not_null" else "seq"
        return _by_name(change, old, new, made_name(one.table, one.name, suffix), mentions)
    drawn = [_NEXT.fullmatch(str(value)) for value in (change.expected, change.actual)]
    if change.attribute != "default" or drawn[0] is None or drawn[1] is None:
        return None
    old_name, new_name = (match["name"].rpartition(".")[2] for match in drawn if match)
    sequences = (
        expected.get(ObjectRef("sequence", old_name, one.schema)),
        actual.get(ObjectRef("sequence", new_name, one.schema)),
    )
    if any(sequences):  # one of somebody's own
        return None
    made = made_name(one.table, one.name, "seq")
    return _by_name(
        change, old_name if old_name != made else None, new_name if new_name != made else None, made, mentions
    )


def _apart(value: tuple[str, ...]) -> tuple[str | None, list[str]]:
    """The name that is among the options, and the others."""
    name = next((one.removeprefix("name=") for one in value if one.startswith("name=")), None)
    return name, [one for one in value if not one.startswith("name=")]


def _by_name(change: Change, old: str | None, new: str | None, made: str, mentions: _Mentions) -> Difference | None:
    """`None` for a name is the one that PostgreSQL makes up."""
    if old is not None and new is not None and mentions(new):
        return None
    ref = change.object
    if ref.table is not None:
        kind = "constraint" if change.attribute == "not_null" else "sequence"
        ref = ObjectRef(kind, old or made, ref.schema, ref.table if kind == "constraint" else None)
    return _renaming(ref, old or made, new or made)
