"""Texts that PostgreSQL printed (a view, a check, a signature), before and after renames: did names alone change?"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from headworks.drift.labels import Labels, constant_with
from headworks.schema import QualifiedName
from headworks.schema.quoting import as_printed, split_last

__all__ = ["Words"]

_NAME = r'(?:"(?:[^"]|"")*+"|(?<![\w$])[^\W\d][\w$]*+)'
_CAST = rf"(?P<reg>::reg\w+)|(?=::(?P<type>{_NAME}\.{_NAME})(?P<array>\[\])?)"
_TEXT = re.compile(rf"(?P<literal>'(?:[^']|'')*+')(?:{_CAST})?|{_NAME}(?:\.{_NAME})*+")
_QUALIFIED = re.compile(rf"(?P<schema>{_NAME})\.(?P<name>{_NAME})")
_ENDS_IN_TYPES = frozenset({"aggregate", "function", "operator", "procedure"})
_IS_TYPES = frozenset({"cast", "transform"})


class Words(msgspec.Struct, frozen=True):
    """Old names and new ones: `qualified` with their schema; of `relations` (`people.id`) and of `parts` alone.

    `parts` are by schema and table, or `None` for those that any text may mean (a composite type's attributes). A
    constant is no name, whatever it says, but for one of a `reg` type (`nextval('public.s'::regclass)`), or of an enum
    of which values have other names: `labels` are those of each. `schemas` have a name before an operator, too.
    """

    qualified: dict[tuple[str, str], tuple[str, str]] = {}
    relations: dict[str, str] = {}
    parts: dict[tuple[str, str] | None, dict[str, str]] = {}
    labels: dict[QualifiedName, Labels] = {}
    schemas: dict[str, str] = {}

    def types(self, text: str) -> str:
        """Types with the new names, to be held against others that `Words()` have made alike."""
        return Words(qualified=self.qualified)._reprinted(text, {})

    def signature(self, kind: str, name: str) -> str:
        """An object's name with the new names of the types that are in it."""
        if kind in _IS_TYPES:
            return self.types(name)
        if kind not in _ENDS_IN_TYPES or not name.endswith(")"):
            return name
        own, types = split_last("(", name)
        return f"{own}({self.types(types)}"

    def same(self, expected: Any, actual: Any, place: tuple[str, str] | None) -> bool:
        """Whether `actual` is `expected`, but for old names in the place of new ones.

        A text speaks of the parts of the relation that it is on (`place`) and of those that it names.
        """
        if expected == actual:
            return True
        if isinstance(expected, tuple) and isinstance(actual, tuple) and len(expected) == len(actual):
            if len(expected) == 2 and self.qualified.get(expected) == actual:  # names, not printed
                return True
            return all(self.same(one, other, place) for one, other in zip(expected, actual, strict=True))
        if not isinstance(expected, str) or not isinstance(actual, str):
            return False
        parts = {old: new for own in self._spoken_of((expected, actual), place) for old, new in own.items()}
        before, after = self._reprinted(expected, parts), Words()._reprinted(actual, {})
        # A view keeps the names of its own columns: `p.email` is printed as `p.mail AS email` from then on.
        for raw_old, raw_new in parts.items():
            old, new = as_printed(raw_old), as_printed(raw_new)
            before = before.replace(f"{new} AS {new}", new)
            after = re.sub(rf"{re.escape(new)} AS {re.escape(old)}(?![\w$])", new.replace("\\", r"\\"), after)
        return before == after

    def _spoken_of(self, texts: tuple[str, str], place: tuple[str, str] | None) -> Iterator[dict[str, str]]:
        for table, own in self.parts.items():
            if table is None or table == place:
                yield own
            else:
                name = ".".join(as_printed(one) for one in table)
                if any(name in text.replace('"', "") or name in text for text in texts):
                    yield own

    def _reprinted(self, text: str, parts: dict[str, str]) -> str:
        """The text with the new names, all at once: a new name may be another's old one. Quotes are made alike."""

        def new(found: re.Match[str]) -> str:
            if (literal := found["literal"]) is not None:
                if (labels := self.labels_of(found["type"])) is not None:
                    return constant_with(literal, labels, array=found["array"] is not None)
                if found["reg"] is None:
                    return literal
                inner = self._reprinted(literal[1:-1].replace("''", "'"), parts).replace("'", "''")
                return f"'{inner}'{found['reg']}"
            printed = re.findall(_NAME, found[0])
            names = [_raw(one) for one in printed]
            is_label = text.endswith(" AS ", 0, found.start()) and len(names) == 1
            is_call = text.startswith("(", found.end())
            if text.endswith("OPERATOR(", 0, found.start()):
                after = [self.schemas.get(one, one) for one in names]
            else:
                after = names if is_label else self._named(names, parts, is_call)
            # SELECT stays as it is: not every word is a name.
            return ".".join(
                as_printed(new) if old != new or was != old else old
                for was, old, new in zip(printed, names, after, strict=True)
            )

        return _TEXT.sub(new, text)

    def labels_of(self, type_: str | None) -> Labels | None:
        """The new names of the values of a type, as PostgreSQL prints it."""
        found = _QUALIFIED.fullmatch(type_) if type_ and self.labels else None
        return self.labels.get((_raw(found["schema"]), _raw(found["name"]))) if found else None

    def _named(self, names: list[str], parts: dict[str, str], is_call: bool) -> list[str]:
        first, *rest = names
        if rest and (whole := self.qualified.get((first, rest[0]))) is not None:
            return [*whole, *(parts.get(one, one) for one in rest[1:])]
        if is_call:
            return names
        if not rest:
            return [parts.get(first, self.relations.get(first, first))]
        return [self.relations.get(first, first), *(parts.get(one, one) for one in rest)]


def _raw(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
