"""Functions, procedures and aggregates."""

from typing import ClassVar

from headworks.schema.base import InSchema
from headworks.schema.objects.names import PrintedName
from headworks.schema.quoting import regprocedure

__all__ = ["Aggregate", "Function", "Procedure", "Routine"]


class Routine(InSchema, frozen=True, kw_only=True):
    """What functions and procedures share. `name` ends in the types of the input arguments: `add(integer, integer)`.

    `arguments` is the whole list with names, modes and defaults. `body` is the source text, or the parsed statements of
    an SQL-standard body (`BEGIN ATOMIC`); a C function has its file in `library`. `settings` are the SET clauses as
    `name=value`, by name. `transforms` are the types after TRANSFORM FOR TYPE. `depends_on_extensions` are those of
    DEPENDS ON EXTENSION, with which it is dropped.
    """

    name_space = "routine"

    arguments: str = ""
    language: str
    body: str
    library: str | None = None
    security_definer: bool = False
    settings: tuple[str, ...] = ()
    transforms: tuple[PrintedName, ...] = ()
    depends_on_extensions: tuple[str, ...] = ()

    @property
    def shown_by(self) -> str:
        return f"SELECT pg_get_functiondef({regprocedure(self.schema, self.name)}) AS definition"


class Function(Routine, frozen=True, kw_only=True):
    """A function or window function. `cost` in units of `cpu_operator_cost`; `rows` is 0 unless it returns a set.

    `support` is the planner support function.
    """

    kind: ClassVar[str] = "function"

    returns: str
    volatility: str = "volatile"
    strict: bool = False
    leakproof: bool = False
    parallel: str = "unsafe"
    cost: float = 100.0
    rows: float = 0.0
    window: bool = False
    support: PrintedName | None = None


class Procedure(Routine, frozen=True, kw_only=True):
    """A procedure."""

    kind: ClassVar[str] = "procedure"


class Aggregate(InSchema, frozen=True, kw_only=True):
    """An aggregate. `name` ends in the types of its arguments, direct ones first; `arguments` says which those are.

    `type`: `normal`, `ordered-set` or `hypothetical-set`. `state_space` is the planner's estimate in bytes, 0 for its
    own. `final_modify`: `read_only`, `shareable` or `read_write`. What begins with `moving_` serves moving windows.
    `depends_on_extensions`: as those of a function, by ALTER FUNCTION.
    """

    kind: ClassVar[str] = "aggregate"
    name_space = "routine"

    type: str = "normal"
    arguments: str = ""
    state_function: PrintedName
    state_type: PrintedName
    state_space: int = 0
    initial_value: str | None = None
    final_function: PrintedName | None = None
    final_extra: bool = False
    final_modify: str | None = None
    combine_function: PrintedName | None = None
    serial_function: PrintedName | None = None
    deserial_function: PrintedName | None = None
    moving_state_function: PrintedName | None = None
    moving_inverse_function: PrintedName | None = None
    moving_state_type: PrintedName | None = None
    moving_state_space: int = 0
    moving_initial_value: str | None = None
    moving_final_function: PrintedName | None = None
    moving_final_extra: bool = False
    moving_final_modify: str | None = None
    sort_operator: PrintedName | None = None
    parallel: str = "unsafe"
    depends_on_extensions: tuple[str, ...] = ()

    @property
    def shown_by(self) -> str:
        return f"SELECT * FROM pg_aggregate WHERE aggfnoid = {regprocedure(self.schema, self.name)}"
