"""What env.py tells Alembic."""

from collections.abc import Callable
from types import CellType, FunctionType
from typing import Any

import msgspec
from sqlalchemy import MetaData

__all__ = ["Configured", "Contexts", "sorted_out"]


class Configured(msgspec.Struct, frozen=True):
    """What env.py told Alembic, and the version rows that it found.

    An env.py may configure several contexts, one for each schema of a tenant, say: it is what the last one was told,
    with the models of all; `others` are the version tables of those before, with their schemas. `each` are all of them,
    where there are several: what each leaves out, and of which models. `strange` is what `target_metadata` holds that
    is no MetaData, which Alembic minds in autogenerate alone: which entry, and what it is.
    """

    rows: tuple[str, ...]
    version_table: str
    version_table_schema: str | None
    metadata: tuple[MetaData, ...]
    include_name: Callable[..., bool] | None
    include_object: Callable[..., bool] | None
    include_schemas: bool
    contexts: int = 1
    others: tuple[tuple[str | None, str], ...] = ()
    compare_type: bool = True
    compare_server_default: bool = False
    each: tuple["Configured", ...] = ()
    strange: tuple[tuple[str, str], ...] = ()

    def version_tables(self, default_schema: str = "public") -> tuple[tuple[str, str], ...]:
        """Schema and name of the version table of each context."""
        found = ((self.version_table_schema, self.version_table), *self.others)
        return tuple((schema or default_schema, name) for schema, name in found)


def sorted_out(target: Any) -> tuple[tuple[MetaData, ...], tuple[tuple[str, str], ...]]:
    """The MetaData of a `target_metadata`, and which of its entries is something else."""
    listed = isinstance(target, (list, tuple))
    several = target if listed else [target]
    strange = []
    for number, one in enumerate(several, start=1):
        if one is not None and not isinstance(one, MetaData):
            entry = f"entry {number} of env.py's target_metadata" if listed else "env.py's target_metadata"
            strange.append((entry, f"the class {one.__name__}" if isinstance(one, type) else f"a {type(one).__name__}"))
    return tuple(one for one in several if isinstance(one, MetaData)), tuple(strange)


class Contexts:
    """The contexts that one run of env.py has configured."""

    def __init__(self) -> None:
        self._seen: list[Configured] = []
        self._then: list[Configured] = []

    def add(self, one: Configured) -> None:
        """This is what the next one was told, now."""
        self._seen.append(one)
        self._then.append(
            msgspec.structs.replace(one, include_name=_now(one.include_name), include_object=_now(one.include_object))
        )

    def together(self) -> Configured:
        """All in one."""
        last = self._seen[-1]
        if len(self._seen) == 1:
            return last
        own = (last.version_table_schema, last.version_table)
        tables = {(one.version_table_schema, one.version_table): None for one in self._seen}
        metadata = {id(some): some for one in self._seen for some in one.metadata}
        return msgspec.structs.replace(
            last,
            metadata=tuple(metadata.values()),
            include_schemas=any(one.include_schemas for one in self._seen),
            contexts=len(self._seen),
            others=tuple(table for table in tables if table != own),
            each=tuple(self._then),
            strange=tuple(one for some in self._seen for one in some.strange),
        )


def _now(function: Callable[..., bool] | None) -> Callable[..., bool] | None:
    """The function with the variables around it as they are: it is asked later, and env.py's loop goes on meanwhile."""
    if not isinstance(function, FunctionType):
        return function
    try:
        cells = tuple(CellType(cell.cell_contents) for cell in function.__closure__ or ())
    except ValueError:  # one that is not assigned yet
        return function
    found: Any = FunctionType(
        function.__code__, dict(function.__globals__), function.__name__, function.__defaults__, cells or None
    )
    found.__kwdefaults__ = function.__kwdefaults__
    return found  # type: ignore[no-any-return]
