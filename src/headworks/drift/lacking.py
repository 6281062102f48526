"""What models name and cannot make: stand-ins for a function, a type, a sequence that a migration made and is there.

PostgreSQL says by name what it lacks. What the picture beside has under that name is made, as far as a name needs it,
and taken out of the picture of the models again: they say nothing of it.
"""

import re
from collections.abc import Collection, Iterator

from psycopg import sql

from headworks.drift.standins import run_what_runs, stand_ins, with_columns
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Domain, Enum, Function, Namespace, Object, Schema, Sequence
from headworks.schema.base import Key
from headworks.schema.objects import Aggregate, Collation, Composite, Range, TextSearchConfiguration

__all__ = ["Lacking"]

_KINDS = (Collation, Composite, Domain, Enum, Range, Sequence, TextSearchConfiguration, Aggregate, Function)
_TYPES = (Composite, Domain, Enum, Range)


class Lacking:
    """Makes what models lack and the picture has. `made` are the keys of the stand-ins.

    An enum is as it is there: it says all of itself, and so no stand-in.
    """

    def __init__(self, picture: Schema | None) -> None:
        self._there: list[Object] = [one for kind in _KINDS for one in picture.all(kind)] if picture is not None else []
        self._picture = picture
        self.made: set[Key] = set()
        self._tried: set[tuple[str, Key]] = set()

    @property
    def mark(self) -> str:
        """Stands for all that could be made."""
        words = ("arguments", "returns", "volatility", "values", "type", "subtype")
        said = ((one.key, *(getattr(one, word, "") for word in words)) for one in self._there)
        return repr(sorted(said, key=repr))

    def mend(self, url: DatabaseUrl, said: str) -> bool:
        """Make in this database what an error names; false where the picture has none of it, or it was tried before."""
        place = url.database
        named: dict[Key, Object] = {
            one.key: one for one in self._there if (place, one.key) not in self._tried and _names(said, one)
        }
        if not named or self._picture is None:
            return False
        for one in list(named.values()):
            named |= {other.key: other for other in self._needed_by(one)}
        self._tried |= {(place, key) for key in named}
        self.made |= {one.key for one in named.values() if not isinstance(one, Enum)}
        with connect(url) as connection:
            run_what_runs(connection, self._statements(self._picture, named.values()))
        return True

    def without(self, picture: Schema) -> Schema:
        """The picture of the models, without the stand-ins."""
        return picture.without(lambda item: item.key in self.made) if self.made else picture

    def _statements(self, picture: Schema, some: Collection[Object]) -> Iterator[sql.Composed]:
        yield from stand_ins(picture.with_objects([*picture.all(Namespace), *some]))
        for one in some:
            if isinstance(one, Composite):
                yield with_columns(picture, one)

    def _needed_by(self, item: Object) -> Iterator[Object]:
        text = f"{item.arguments} {item.returns}" if isinstance(item, Function) else ""
        text += f" {item.type}" if isinstance(item, Domain) else ""
        return (
            one for one in self._there if isinstance(one, _TYPES) and text and one is not item and _names(text, one)
        )


def _names(text: str, item: Object) -> bool:
    said = str(getattr(item, "name", ""))
    name = said.rpartition("(")[0] or said  # a function's ends in the types of its arguments
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
