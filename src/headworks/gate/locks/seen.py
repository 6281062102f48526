"""What was seen of a step: its statements, in order, and what each did to the relations that were there before it."""

import msgspec

from headworks.gate.locks.modes import SHARE, blocks, rank

__all__ = [
    "Changes",
    "Column",
    "Constraint",
    "Index",
    "Parts",
    "Reference",
    "Relation",
    "SeenStatement",
    "SeenStep",
    "State",
    "Touch",
    "Write",
]


class Relation(msgspec.Struct, frozen=True):
    """A table, partitioned table (`p`) or materialized view (`m`) that was there when the step began.

    `root` is the OID of the partitioned table that it is a part of, else its own; the counters are one backend's.
    """

    oid: int
    schema: str
    name: str
    kind: str
    file: int | None
    root: int
    scans: int
    read: int
    written: int
    replaced: int
    deleted: int

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


class Parts(msgspec.Struct, frozen=True):
    """What a relation consists of: OIDs of indexes, of constraints (and whether they are valid), columns by number.

    `partition` says that it is attached to a partitioned table.
    """

    indexes: tuple[int, ...] = ()
    constraints: dict[str, bool] = {}
    columns: dict[str, tuple[str, bool]] = {}
    partition: bool = False


class State(msgspec.Struct, frozen=True):
    """A relation as it is after a statement; `modes` are the locks on it.

    `written`, `replaced` and `deleted` count rows by INSERT, UPDATE and DELETE.
    """

    oid: int
    modes: tuple[str, ...]
    there: bool
    file: int | None
    empty: bool
    scans: int
    read: int
    written: int
    replaced: int
    deleted: int
    parts: Parts | None = None


class Index(msgspec.Struct, frozen=True):
    """A new index; `constraint` is the one that it serves."""

    name: str
    schema: str
    definition: str
    constraint: str | None
    method: str = "btree"


class Constraint(msgspec.Struct, frozen=True):
    """A constraint that is new, or newly valid. `kind` is that of `pg_constraint.contype`."""

    name: str
    kind: str
    definition: str
    deferrable: bool
    deferred: bool
    temporal: bool


class Column(msgspec.Struct, frozen=True):
    """A column that is new or changed; `made` by the server: generated, or an identity.

    `identity` is `pg_attribute.attidentity`, `sequence` the quoted name of the sequence that belongs to it.
    """

    number: int
    name: str
    type: str
    not_null: bool
    made: bool
    default: str | None
    identity: str = ""
    sequence: str | None = None


class Reference(msgspec.Struct, frozen=True):
    """A foreign key that refers to a changed column. `table` is `schema.table`, `quoted` the same for SQL."""

    name: str
    table: str
    quoted: str
    definition: str


class Changes(msgspec.Struct, frozen=True):
    """How one statement changed one relation. `were` has type and NOT NULL of the changed columns before it.

    `attached` is what the rows of a partition must fulfil, where the statement attached it.
    """

    indexes: tuple[Index, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    columns: tuple[Column, ...] = ()
    references: tuple[Reference, ...] = ()
    attached: str | None = None
    were: dict[int, tuple[str, bool]] = {}

    def __bool__(self) -> bool:
        return bool(self.indexes or self.constraints or self.columns or self.attached)


class Touch(msgspec.Struct, frozen=True):
    """One relation, and what a statement did to it.

    `held` is the strongest lock on it after the statement, `taken` the strongest that the statement added; `waited`
    says that it was asked for while a writer was in the way. `rows` is what a scan read.
    """

    relation: Relation
    held: str | None
    taken: str | None
    scanned: bool = False
    rewritten: bool = False
    rows: int | None = None
    changes: Changes = Changes()

    @property
    def long(self) -> bool:
        """Whether it takes the longer the more rows there are."""
        return self.scanned or self.rewritten

    @property
    def blocks(self) -> tuple[str, ...]:
        """What of an application waits for the lock."""
        found = blocks(self.held)
        return tuple(one for one in found if one == "SELECT") if self.relation.kind == "m" else found

    @property
    def needs_it(self) -> bool:
        """Whether the statement itself needs a lock that blocks; else an earlier one of its transaction took it.

        A lock that is held already is in no list twice: then it is told by what was altered.
        """
        if self.taken is not None:
            return rank(self.taken) >= SHARE
        return rank(self.held) >= SHARE and (self.rewritten or bool(self.changes))


class Write(msgspec.Struct, frozen=True):
    """A table whose rows a statement inserted, updated or deleted (`rows` of them), or all away (`emptied`).

    With neither, it was asked to, and there was no such row.
    """

    relation: Relation
    rows: int
    emptied: bool


class SeenStatement(msgspec.Struct):
    """A statement: its text, the line of the revision's file that ran it, and its transaction (numbered in the step).

    `began` is a moment of a steady clock, in seconds. `plain` says that it had no parameters, `alone` that it ran
    outside of a transaction.
    """

    text: str
    line: int | None
    transaction: int
    began: float
    plain: bool
    alone: bool = False
    touched: list[Touch] = []
    writes: list[Write] = []


class SeenStep(msgspec.Struct):
    """An upgrade or a downgrade. `ended` has the moment at which each transaction ended."""

    revision: str
    direction: str
    relations: dict[int, Relation] = {}
    statements: list[SeenStatement] = []
    ended: dict[int, float] = {}
