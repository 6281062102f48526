"""Functions and procedures."""

from typing import ClassVar

from headworks.schema.base import InSchema

__all__ = ["Function", "Procedure", "Routine"]


class Routine(InSchema, frozen=True, kw_only=True):
    """What functions and procedures share. `name` ends in the types of the input arguments: `add(integer, integer)`.

    `arguments` is the whole list with names, modes and defaults. `body` is the source text, or the parsed statements of
    an SQL-standard body (`BEGIN ATOMIC`); a C function has its file in `library`. `settings` are the SET clauses as
    `name=value`, by name.
    """

    name_space = "routine"

    arguments: str = ""
    language: str
    body: str
    library: str | None = None
    security_definer: bool = False
    settings: tuple[str, ...] = ()


class Function(Routine, frozen=True, kw_only=True):
    """A function or window function. `cost` in units of `cpu_operator_cost`; `rows` is 0 unless it returns a set."""

    kind: ClassVar[str] = "function"

    returns: str
    volatility: str = "volatile"
    strict: bool = False
    leakproof: bool = False
    parallel: str = "unsafe"
    cost: float = 100.0
    rows: float = 0.0
    window: bool = False


class Procedure(Routine, frozen=True, kw_only=True):
    """A procedure."""

    kind: ClassVar[str] = "procedure"
