"""The real imports between the rooms of headworks, as grimp finds them, for docs/architecture.md."""

import tomllib
from collections.abc import Iterable
from functools import cache
from graphlib import TopologicalSorter

import grimp
from generated import ROOT

__all__ = ["diagram", "essential", "imports", "layers", "table"]

_PACKAGE = "headworks"


@cache
def imports() -> dict[str, frozenset[str]]:
    """Each room, and the rooms that a module of it imports; what an `import` within a function names counts, too."""
    graph = grimp.build_graph(_PACKAGE)
    # A name with a mark in front is a constant, or the entry that calls `cli`: no room.
    rooms = {name for child in graph.find_children(_PACKAGE) if not (name := child.rpartition(".")[2]).startswith("_")}
    found: dict[str, set[str]] = {room: set() for room in rooms}
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            here, there = _room(module), _room(imported)
            if here in rooms and there in rooms and here != there:
                found[here].add(there)
    return {room: frozenset(below) for room, below in sorted(found.items())}


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def layers() -> list[list[str]]:
    """The layers of the contract that `lint-imports` holds, top to bottom."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (contract,) = (one for one in contracts if one["type"] == "layers")
    return [[room.strip() for room in layer.split("|")] for layer in contract["layers"]]


def essential() -> list[tuple[str, str]]:
    """The imports without those that follow from others: a room also reaches what a room that it imports reaches."""
    direct = imports()
    reached: dict[str, set[str]] = {}
    for room in TopologicalSorter(direct).static_order():
        reached[room] = set(direct[room]).union(*(reached[below] for below in direct[room]))
    return [
        (room, below)
        for room in _ordered(direct)
        for below in _ordered(direct[room])
        if not any(below in reached[other] for other in direct[room])
    ]


def _ordered(rooms: Iterable[str]) -> list[str]:
    """From top to bottom."""
    order = [room for layer in layers() for room in layer]
    return sorted(rooms, key=lambda room: (order.index(room) if room in order else len(order), room))


def diagram() -> str:
    """The essential imports as Mermaid; a room that nothing imports and that imports nothing is left out."""
    lines = "".join(f"    {room} --> {below}\n" for room, below in essential())
    return f"```mermaid\nflowchart TD\n{lines}```\n"


def table() -> str:
    """All of them, room by room, as a table."""
    direct = imports()
    listed = [room for room in _ordered(direct) if direct[room]]
    rows = "".join(f"| `{room}` | {', '.join(f'`{one}`' for one in _ordered(direct[room]))} |\n" for room in listed)
    return f"| room | imports |\n|---|---|\n{rows}"
