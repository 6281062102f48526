"""What one side of a comparison can say at all: differences in the rest are noted, not blamed."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import msgspec

from headworks.drift.compare import Difference
from headworks.drift.policy import Policy
from headworks.findings import Finding, ObjectRef, Severity
from headworks.schema import Action, Change, Column, Constraint, Index, Object, Schema, kinds
from headworks.schema.quoting import as_printed
from headworks.words import plural

__all__ = ["Scope", "of_migrations", "of_models", "of_picture"]

_DECLARABLE = frozenset(
    {"table", "column", "constraint", "index", "enum", "sequence", "schema", "domain", "domain constraint"}
)
"""The kinds that SQLAlchemy's MetaData can declare without help."""

_UNDECLARABLE = {
    "table": {"row_security", "force_row_security", "replica_identity", "of_type"},
    "column": {"storage", "compression", "statistics", "options", "not_null"},
    "constraint": {
        "enforced", "temporal", "triggers", "tablespace", "storage_parameters", "statistics", "clustered",
        "depends_on_extensions", "index_comment",
    },
    "index": {"comment", "statistics", "clustered", "depends_on_extensions"},
    "sequence": {"comment", "persistence"},
    "enum": {"comment"},
    "domain": {"comment", "not_null_name", "not_null_comment"},
    "domain constraint": {"comment"},
    "schema": {"comment"},
}  # fmt: skip
"""What it cannot say of them: compared where the models' events say it of some object, as of the other kinds."""

_ENVIRONMENT = {
    "owner": "owners",
    "privilege": "privileges",
    "default privilege": "privileges",
    "setting": "settings",
    "database": "settings",
}
"""Kinds that belong to a database's surroundings unless the project declares them; the config's words for them."""

_BORROWED = ("domain", "sequence")
"""What models may use that a migration makes."""

_NAMED = 3
"""How many of the objects that were not compared a note names."""

_IN_EVERY_DATABASE = ObjectRef(kind="extension", name="plpgsql")


class Scope:
    """Which differences count; the rest becomes a note a kind, in which `source` is who says nothing of it."""

    def __init__(
        self,
        source: str,
        words: frozenset[str] | None,
        attributes: frozenset[tuple[str, str]],
        used: Callable[[ObjectRef], bool] = lambda ref: False,
    ) -> None:
        """`used` says of an object that this side has not whether what it has names it."""
        self._source = source
        self._words = words
        self._without = attributes
        self._used = used

    def covers(self, difference: Difference) -> bool:
        """Whether both sides can say this."""
        kind, attribute = difference.change.object.kind, difference.change.attribute
        if (self._words is not None and kind not in self._words) or (kind, attribute or "") in self._without:
            return False
        change = difference.change
        return change.action is not Action.UNEXPECTED or not self._used(change.object)

    def notes(
        self, found: Iterable[Difference], *, migrations: bool = True, there: str = "live", other: str = "the database"
    ) -> Iterator[Finding]:
        """What was seen and not compared; `migrations` is whether a comparison with them is to be had.

        `other` is the side that is compared with the source's, and what is `there` is its own.
        """
        left: dict[tuple[str, str, Action], list[str]] = {}
        elsewhere = "headworks drift --against migrations" if migrations else None
        for one in found:
            if not self.covers(one):
                left.setdefault((*_word(one.change), one.change.action), []).append(str(one.change.object))
        for (kind, attribute, action), named in sorted(left.items()):
            declares = _ENVIRONMENT.get(kind)
            what, several = f"{there} {kind}", None
            if action is Action.CHANGED:
                what = " ".join(filter(None, (there, "difference in", kind, attribute)))
                several = what.replace("difference", "differences", 1)
            count = plural(len(named), what, several)
            if action is Action.MISSING:
                count = f"{plural(len(named), kind)} that {other} lacks"
            more = f", and {len(named) - _NAMED:,} more" if len(named) > _NAMED else ""
            which = ", ".join(named[:_NAMED]) + more
            yield Finding(
                rule=f"drift.{action}",
                severity=Severity.NOTE,
                message=f"{count} not compared: {self._source} declare none of that kind ({which})",
                hint=f'[tool.headworks.drift] declares = ["{declares}"]' if declares else elsewhere,
            )


def of_picture(expected: Schema, policy: Policy) -> Scope:
    """Two databases: everything. A snapshot of models or migrations says what these can say."""
    if expected.source == "models":
        return of_models(expected, policy)
    return of_migrations(expected, policy) if expected.source == "migrations" else Scope("", None, frozenset())


def of_migrations(expected: Schema, policy: Policy) -> Scope:
    """Migrations can say everything; owners, privileges and settings count where they, or the config, say so."""
    made = {item.kind for item in expected}
    left = {kind for kind, word in _ENVIRONMENT.items() if kind not in made and not policy.declares(word)}
    return Scope("the migrations", _all_but(left), frozenset()) if left else Scope("", None, frozenset())


def of_models(expected: Schema, policy: Policy) -> Scope:
    """Models can say what MetaData can, and whatever kinds and attributes their events made some object of."""
    made = {item.kind for item in expected if item.ref != _IN_EVERY_DATABASE} - _ENVIRONMENT.keys()
    declared = {kind for kind, word in _ENVIRONMENT.items() if policy.declares(word)}
    without = {(kind, name) for kind, names in _UNDECLARABLE.items() for name in names}
    for item in expected:
        if names := _UNDECLARABLE.get(item.kind):
            without -= {(item.kind, name) for name in _said(item) & names}
    return Scope("the models", frozenset(made | declared | _DECLARABLE), frozenset(without), _used_by(expected))


def _used_by(models: Schema) -> Callable[[ObjectRef], bool]:
    """Whether the models use a domain or a sequence that they do not make: `create_type=False`, `nextval('sq')`."""

    @cache
    def texts() -> str:
        found: list[str | None] = []
        for column in models.all(Column):
            found += (column.type, column.default, column.generated)
        for index in models.all(Index):
            found += (*index.keys, index.where)
        found += (one.expression for one in models.all(Constraint))
        return "\n".join(filter(None, found))

    def used(ref: ObjectRef) -> bool:
        name = f"{as_printed(ref.schema or '')}.{as_printed(ref.name)}"
        return ref.kind in _BORROWED and re.search(rf"(?<![\w.\"]){re.escape(name)}(?![\w\"])", texts()) is not None

    return used


def _word(change: Change) -> tuple[str, str]:
    """What differences are grouped by: a kind, and an attribute where the kind itself is compared."""
    return (change.object.kind, "" if change.object.kind in _ENVIRONMENT else change.attribute or "")


def _said(item: Object) -> set[str]:
    """The properties of which this object does not have the default."""
    return {name for name, default in _defaults(type(item)) if getattr(item, name) != default}


@cache
def _defaults(kind: type[Object]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (field.name, field.default) for field in msgspec.structs.fields(kind) if field.default is not msgspec.NODEFAULT
    )


def _all_but(left: Iterable[str]) -> frozenset[str]:
    return frozenset(kind.kind for kind in kinds()) - frozenset(left)
