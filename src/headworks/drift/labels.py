"""An enum's value that has another name: constants of the type are printed with it, and nobody changed them."""

import re
from collections.abc import Collection, Iterator, Mapping

from headworks.schema import Change, Column, Enum, Schema, Table
from headworks.schema.objects.relations import Heir
from headworks.schema.quoting import as_printed, identifier, split_last

__all__ = ["Labels", "bound_with", "constant_with", "evidence_of", "key_type", "new_labels", "renamed_values"]

Labels = Mapping[str, str]
"""Old values and new ones."""

_ELEMENT = re.compile(r'"(?:[^"\\]|\\.)*+"|[^{},"]++', re.DOTALL)
_CONSTANT = re.compile(r"'(?:[^']|'')*+'|[^', ()]++")
_LIST = "FOR VALUES IN ("


def renamed_values(expected: Schema, actual: Schema, changes: Collection[Change]) -> Iterator[tuple[Enum, Enum]]:
    """The enums of which values have other names, as they were and as they are."""
    for change in changes:
        if change.object.kind == Enum.kind and change.attribute == "values":
            old, new = expected.get(change.object), actual.get(change.object)
            if isinstance(old, Enum) and isinstance(new, Enum) and new_labels(old.values, new.values):
                yield old, new


def new_labels(old: tuple[str, ...], new: tuple[str, ...]) -> Labels:
    """Which value has which name now: it stands where the old one stood, some are as ever, and none has moved."""
    pairs = {one: other for one, other in zip(old, new, strict=False) if one != other}
    told = len(old) == len(new) > len(pairs) and set(old).isdisjoint(pairs.values()) and pairs.keys().isdisjoint(new)
    return pairs if told else {}


def evidence_of(old: Enum, new: Enum) -> str:
    """What says that values have other names."""
    places = "place" if len(new_labels(old.values, new.values)) == 1 else "places"
    return f"the same {places} among {len(new.values)} values"


def constant_with(constant: str, labels: Labels, *, array: bool) -> str:
    """A constant of the type, or of its arrays, as PostgreSQL prints it, with the new names."""
    text = constant[1:-1].replace("''", "'")
    text = _ELEMENT.sub(lambda one: _element(one[0], labels), text) if array else labels.get(text, text)
    return "'" + text.replace("'", "''") + "'"


def _element(printed: str, labels: Labels) -> str:
    """An element of an array: within quotes where it needs them (array_out in src/backend/utils/adt/arrayfuncs.c)."""
    raw = re.sub(r"\\(.)", r"\1", printed[1:-1], flags=re.DOTALL) if printed.startswith('"') else printed
    if (new := labels.get(raw)) is None or printed == "NULL":
        return printed
    if new and new.upper() != "NULL" and not re.search(r'[{},"\\\s]', new):
        return new
    return '"' + re.sub(r'(["\\])', r"\\\1", new) + '"'


def key_type(partition: Heir, picture: Schema) -> str | None:
    """The type of what a partitioned table is divided by, where that is a column."""
    parent = picture.relation(*partition.inherits[0]) if partition.inherits else None
    if not isinstance(parent, Table) or parent.partition_key is None:
        return None
    key = split_last("(", parent.partition_key)[1].removesuffix(")")
    columns = (one for one in picture.on(parent, Column) if key in (as_printed(one.name), identifier(one.name)))
    return next((one.type for one in columns), None)


def bound_with(bound: str, labels: Labels) -> str:
    """A partition's bound with the new names: its constants are printed without their type, those of a list by name."""
    if not bound.startswith(_LIST):
        return _CONSTANT.sub(lambda one: _value(one[0], labels), bound)
    values, _, rest = bound.removeprefix(_LIST).rpartition(")")
    new = sorted(_value(one, labels) for one in _CONSTANT.findall(values))
    return f"{_LIST}{', '.join(new)}){rest}"


def _value(printed: str, labels: Labels) -> str:
    return constant_with(printed, labels, array=False) if printed.startswith("'") else printed
