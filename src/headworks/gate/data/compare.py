"""What became of rows: before an upgrade, after it, and after its downgrade.

Tables and columns are told by their numbers, which outlive a rename; what is made anew is told by its name. Rows are
told by their primary key, where there is one; else the values of a column are counted.
"""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import Enum

import msgspec

from headworks.gate.data.content import Content
from headworks.gate.data.tables import Field, TableShape

__all__ = ["Fate", "Lost", "lost"]

Contents = Mapping[int, Content]
Row = tuple[str | None, ...]
Value = tuple[Row, str]
"""The key of a row and the text of a value in it."""

_NEAR = datetime.timedelta(hours=26)
"""Two clocks that differ by a time zone, and a slow step."""
_TELLING = 4
"""The least letters of a value that is hardly elsewhere by chance."""


class Fate(Enum):
    """How it came that values are gone at the end."""

    HELD = "the upgrade kept them, the downgrade lost them"
    MOVED = "the upgrade put them elsewhere, and the downgrade did not bring them back"
    DROPPED = "the upgrade dropped what held them"
    DESTROYED = "the upgrade took them away and kept what held them"
    RETYPED = "the upgrade changed the type, and the downgrade brought other values back"
    REWRITTEN = "the upgrade wrote other values over them"


class Lost(msgspec.Struct, frozen=True):
    """Rows of a table, or values of one of its columns (`column` is its name), that are not there at the end."""

    schema: str
    table: str
    column: str | None
    count: int
    total: int
    fate: Fate
    elsewhere: str = ""


def lost(before: Contents, upgraded: Contents, after: Contents | None, now: datetime.datetime) -> Iterator[Lost]:
    """All that is lost. `after` is `None` where there was no downgrade: then what the upgrade took is lost.

    `now` is when the steps ran: a time that a step wrote by itself (`updated_at`) is no loss.
    """
    end = upgraded if after is None else after
    for oid in sorted(before):
        old = before[oid]
        if old.count and end.get(oid) is not old:
            yield from _Judge(old, before, upgraded, end, now, down=after is not None).losses()


class _View:
    """A table as it was at first, seen in what it is later (`None`: it is no more)."""

    def __init__(self, old: Content, contents: Contents) -> None:
        self.old = old
        self.new = contents.get(old.table.oid) or _named(old.table, contents)
        self._keys = self._key_columns()

    def field(self, field: Field) -> Field | None:
        """The column as it is now: by its number in the same table, else by its name."""
        if self.new is None:
            return None
        same = self.new.table.oid == self.old.table.oid
        found = self.new.table.field(field.number) if same else None
        return found or self.new.table.named(field.name)

    def rows_gone(self) -> int:
        """How many rows are no more."""
        if self.new is None:
            return self.old.count
        if self._keys is None:
            return max(0, self.old.count - self.new.count)
        return len(set(self._rows_before()) - set(self._rows_now()))

    def gone(self, field: Field) -> Counter[Value]:
        """The values of a column that its rows have no more, but for rows that are gone altogether."""
        there = self.field(field)
        old = self._before(field)
        if there is None or self.new is None:
            return old
        missing = old - self._now(there)
        if self._keys is None:
            return missing if missing.total() > self.rows_gone() else Counter()
        rows = set(self._rows_now())
        return Counter({one: count for one, count in missing.items() if one[0] in rows})

    def empty_at(self, field: Field, values: Counter[Value]) -> Counter[Value]:
        """Those of the values whose row has null now."""
        there = self.field(field)
        if there is None or self.new is None:
            return values
        if self._keys is None:
            fewer = self._before(field).total() - self._now(there).total()
            return values if fewer > self.rows_gone() else Counter()
        full = {key for key, _ in self._now(there)}
        return Counter({one: count for one, count in values.items() if one[0] not in full})

    def told_apart(self, field: Field) -> bool:
        """Whether what stands there now, of another type perhaps, still tells all old values from each other."""
        there = self.field(field)
        assert there is not None
        news: dict[Row, str] = dict(self._now(there))
        if self._keys is None:
            return len({text for _, text in self._now(there)}) >= len({text for _, text in self._before(field)})
        mapped: dict[str, set[str]] = {}
        for key, text in self._before(field):
            if key not in news:
                return False
            mapped.setdefault(news[key], set()).add(text)
        return all(len(texts) == 1 for texts in mapped.values())

    def news(self, field: Field) -> set[str]:
        """The values of the column that it had not before."""
        there = self.field(field)
        if there is None:
            return set()
        return {text for _, text in self._now(there)} - {text for _, text in self._before(field)}

    def _key_columns(self) -> list[tuple[int, int]] | None:
        if self.new is None or not self.old.table.key:
            return None
        found = []
        for number in self.old.table.key:
            field = self.old.table.field(number)
            there = self.field(field) if field else None
            if field is None or there is None or there.type != field.type or there.generated or field.generated:
                return None
            found.append((number, there.number))
        return found

    def _rows_before(self) -> list[Row]:
        return _rows(self.old, [number for number, _ in self._keys or ()])

    def _rows_now(self) -> list[Row]:
        assert self.new is not None
        return _rows(self.new, [number for _, number in self._keys or ()])

    def _before(self, field: Field) -> Counter[Value]:
        return _values(self.old, field, self._rows_before())

    def _now(self, field: Field) -> Counter[Value]:
        assert self.new is not None
        return _values(self.new, field, self._rows_now())


class _Judge:
    def __init__(
        self,
        old: Content,
        before: Contents,
        upgraded: Contents,
        end: Contents,
        now: datetime.datetime,
        *,
        down: bool,
    ) -> None:
        self._old = old
        self._before = before
        self._upgraded = upgraded
        self._middle = _View(old, upgraded)
        self._end = _View(old, end)
        self._now = now
        self._down = down

    def losses(self) -> Iterator[Lost]:
        rows = self._end.rows_gone()
        if rows:
            yield self._lost(None, rows, *self._fate_of_rows(rows))
        if rows < self._old.count:
            for field in self._old.table.kept:
                yield from self._column(field)

    def _lost(self, field: Field | None, count: int, fate: Fate, elsewhere: str = "") -> Lost:
        table = self._old.table
        total = self._old.count if field is None else sum(one is not None for one in self._old.values[field.number])
        return Lost(table.schema, table.name, field.name if field else None, count, total, fate, elsewhere)

    def _fate_of_rows(self, rows: int) -> tuple[Fate, str]:
        if self._middle.new is not None:
            return (Fate.HELD if self._middle.rows_gone() < rows else Fate.DESTROYED), ""
        for field in self._old.table.kept:
            if place := self._elsewhere({text for text in self._old.values[field.number] if text is not None}):
                return Fate.MOVED, place
        return Fate.DROPPED, ""

    def _column(self, field: Field) -> Iterator[Lost]:
        gone = self._end.gone(field)
        there = self._end.field(field)
        if there is not None and there.type != field.type and self._down:
            # Another type writes other texts; that it is another one is told by the pictures.
            gone = self._end.empty_at(field, gone)
        if not gone:
            return
        between = self._middle.field(field)
        if between is None:
            place = self._elsewhere({text for _, text in gone})
            yield self._lost(field, gone.total(), Fate.MOVED if place else Fate.DROPPED, place)
        elif between.type != field.type:
            if self._down or not self._middle.told_apart(field):
                yield self._lost(field, gone.total(), Fate.RETYPED)
        else:
            yield from self._same_type(field, gone)

    def _same_type(self, field: Field, gone: Counter[Value]) -> Iterator[Lost]:
        taken = gone & self._middle.gone(field)
        destroyed = self._middle.empty_at(field, taken)
        # A downgrade that touches a row sets its updated_at as well.
        if (held := gone - taken) and not self._of_the_step(self._end.news(field)):
            yield self._lost(field, held.total(), Fate.HELD)
        if destroyed:
            yield self._lost(field, destroyed.total(), Fate.DESTROYED)
        rewritten = taken - destroyed
        if rewritten and self._down and not self._of_the_step(self._middle.news(field)):
            yield self._lost(field, rewritten.total(), Fate.REWRITTEN)

    def _elsewhere(self, texts: set[str]) -> str:
        """A column that the upgrade made and that holds all these values, if such are hardly there by chance."""
        if len(texts) < 2 or min(map(len, texts)) < _TELLING:
            return ""
        for oid, content in sorted(self._upgraded.items()):
            old = self._before.get(oid)
            for field in content.table.kept:
                is_new = old is None or old.table.field(field.number) is None
                if is_new and texts <= set(content.values[field.number]):
                    return f"{content.table.path}.{field.name}"
        return ""

    def _of_the_step(self, texts: set[str]) -> bool:
        """Whether these are times at which a step ran, all of them."""
        return bool(texts) and all(self._near(text) for text in texts)

    def _near(self, text: str) -> bool:
        if len(text) <= len("2024-01-01"):
            return False
        try:
            moment = datetime.datetime.fromisoformat(text)
        except ValueError:
            return False
        moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
        return abs(moment - self._now) < _NEAR


def _named(table: TableShape, contents: Contents) -> Content | None:
    names = (table.schema, table.name)
    return next((one for one in contents.values() if (one.table.schema, one.table.name) == names), None)


def _rows(content: Content, key: list[int]) -> list[Row]:
    """What tells each row: the texts of its key; nothing where there is none."""
    return list(zip(*(content.values[number] for number in key), strict=True)) if key else [()] * content.count


def _values(content: Content, field: Field, rows: list[Row]) -> Counter[Value]:
    texts = content.values.get(field.number, ())
    return Counter((key, text) for key, text in zip(rows, texts, strict=False) if text is not None)
