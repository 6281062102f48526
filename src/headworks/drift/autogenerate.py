"""Whether Alembic's autogenerate writes a change of the models, and where it does not, why not.

Tried, kind by kind and property by property (tests/drift/test_hints.py), with Alembic's own comparison: it looks at
tables, columns, types, nullability, comments, indexes, unique constraints and foreign keys, and not at all of those.
"""

import re
from collections.abc import Sequence

from headworks.drift.compare import Difference
from headworks.findings import ObjectRef
from headworks.migrations.environment import Configured
from headworks.schema import Action, Column, Constraint, Domain, Enum, Schema
from headworks.words import plural

__all__ = ["Autogenerate", "revision_hint"]

_SEEN = {
    "table": {"comment"},
    "column": {"type", "nullable", "comment"},
    "index": {"keys", "unique", "nulls_not_distinct"},
    "unique": {"columns", "nulls_not_distinct"},
    "foreign key": {
        "columns", "referenced_table", "referenced_columns", "on_update", "on_delete", "deferrable",
        "initially_deferred",
    },
}  # fmt: skip
"""By kind, or a constraint's type: the properties that it compares; of these kinds it sees what is missing or extra."""

_SCHEMA = "public"
"""What it looks into when env.py does not say include_schemas."""


def revision_hint(refusal: str | None, where: str = "", *, extra: bool = False) -> str:
    """How to get the revision; `where` are the options that say its domain, with a space behind.

    What the migrations have beyond the models (`extra`) it would drop: somebody made it, so that is said second.
    """
    if refusal is None:
        hint = f'headworks revision {where}--autogenerate -m "..."'
    else:
        hint = f'Alembic\'s autogenerate {refusal}; write it by hand: headworks revision {where}-m "..."'
    return f"put it into the models; where it is to go: {hint}" if extra else hint


class Autogenerate:
    """What it makes of the differences between these two pictures, as env.py configures it."""

    def __init__(self, models: Schema, heads: Schema, configured: Configured) -> None:
        self._models = models
        self._heads = heads
        self._configured = configured

    def refusal(self, one: Difference) -> str | None:
        """Why it does not write this; `None` where it does."""
        ref, attribute = one.change.object, one.change.attribute
        if not self._configured.include_schemas and ref.schema not in (None, _SCHEMA):
            return "sees other schemas only with include_schemas=True in env.py"
        if one.evidence and ref.kind != "index":
            gone = ref.kind in ("table", "column")
            return f"drops a renamed {ref.kind} and makes another" if gone else f"does not see a renamed {ref.kind}"
        word = self._word(ref)
        if one.change.action is Action.MISSING and ref.kind in ("enum", "domain") and self._comes_with_a_table(ref):
            return None
        if word not in _SEEN:
            return f"does not compare {_several(word)}"
        return None if attribute is None or one.evidence else self._property(one, word, attribute)

    def _property(self, one: Difference, word: str, attribute: str) -> str | None:
        expected, actual = one.change.expected, one.change.actual
        if (word, attribute) == ("column", "default"):
            if any(value and value.startswith("nextval(") for value in (expected, actual)):
                return "does not see that a column becomes serial, or is no longer"
            if not self._configured.compare_server_default:
                return "compares defaults only with compare_server_default=True in env.py"
            return None
        if (word, attribute) == ("column", "identity"):
            return "writes no change of an identity that PostgreSQL takes"
        if attribute not in _SEEN[word]:
            return f"does not compare {word} {attribute}"
        if (word, attribute) == ("column", "type"):
            if not self._configured.compare_type:
                return "compares types only with compare_type=True in env.py"
            return None if _types_differ(expected, actual) else f"does not tell {actual} from {expected}"
        if (word, attribute) == ("index", "keys") and list(map(_bare, expected)) == list(map(_bare, actual)):
            return "does not compare an index's operator classes and collations"
        return None

    def _word(self, ref: ObjectRef) -> str:
        """The kind; of a constraint its type."""
        found = self._models.get(ref) or self._heads.get(ref)
        return found.type if isinstance(found, Constraint) else ref.kind

    def _comes_with_a_table(self, ref: ObjectRef) -> bool:
        """Whether a table that is missing, too, has a column of this type: it is created with the table."""
        named = [item for item in (*self._models.all(Enum), *self._models.all(Domain)) if item.ref == ref]
        names = {name for item in named for name in (item.name, f"{item.schema}.{item.name}")}
        return any(
            column.type.removesuffix("[]").replace('"', "") in names
            and self._heads.relation(column.schema, column.table) is None
            for column in self._models.all(Column)
        )


def _several(word: str) -> str:
    name = {"check": "CHECK constraint", "exclusion": "exclusion constraint"}.get(word, word)
    return plural(2, name).partition(" ")[2]


def _types_differ(expected: str, actual: str) -> bool:
    """As Alembic compares them: what only one of them says, such as a length, is no difference."""
    return _base(expected) != _base(actual) or (len(_said(expected)) == len(_said(actual)) != 0)


def _base(name: str) -> str:
    return re.sub(r"\(.*?\)|\[\]", "", name)


def _said(name: str) -> Sequence[str]:
    found = re.search(r"\((.*?)\)", name)
    return found[1].split(",") if found else ()


def _bare(key: str) -> tuple[str, ...]:
    """A key of an index without operator class and collation; one with an expression as it is."""
    if "(" in key:
        return (key,)
    name, *rest = key.split(" ")
    return (name, *(word for word in rest if word in ("ASC", "DESC", "NULLS", "FIRST", "LAST")))
