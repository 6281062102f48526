"""Tables into groups: those that hold together more than chance would have it. Pure, and the same each time."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from headworks.adopt.links import Pair
from headworks.schema import QualifiedName

__all__ = ["Group", "groups", "modularity"]

Group: TypeAlias = frozenset[QualifiedName]
"""Tables that hold together."""


def groups(tables: Iterable[QualifiedName], weights: Mapping[Pair, float]) -> tuple[Group, ...]:
    """The groups, the largest first. A table that nothing links is a group of its own.

    At first each table is one. Of all two groups those are joined whose joining raises the modularity most, by the
    names where several do, until none does (Clauset, Newman, Moore, Phys. Rev. E 70, 066111).
    """
    total = sum(weights.values())
    members: dict[QualifiedName, set[QualifiedName]] = {one: {one} for one in tables}
    near: dict[QualifiedName, dict[QualifiedName, float]] = {one: {} for one in members}
    for (one, other), weight in weights.items():
        near[one][other] = near[other][one] = weight
    degree = {one: sum(near[one].values()) for one in members}

    while total:
        best, joined = 1e-12, None
        for one in sorted(near):
            for other in sorted(near[one]):
                gain = near[one][other] / total - degree[one] * degree[other] / (2 * total * total)
                if one < other and gain > best + 1e-12:
                    best, joined = gain, (one, other)
        if joined is None:
            break
        into, gone = joined
        members[into] |= members.pop(gone)
        degree[into] += degree.pop(gone)
        for other, weight in near.pop(gone).items():
            del near[other][gone]
            if other != into:
                near[into][other] = near[other][into] = near[into].get(other, 0.0) + weight
    return tuple(sorted(map(frozenset, members.values()), key=lambda one: (-len(one), min(one))))


def modularity(found: Iterable[Group], weights: Mapping[Pair, float]) -> float:
    """How much more of the weight lies within the groups than chance would put there: 0 for none, 1 at most."""
    total = sum(weights.values())
    if not total:
        return 0.0
    place = {table: number for number, one in enumerate(found) for table in one}
    within = sum(weight for (one, other), weight in weights.items() if place[one] == place[other])
    degrees: dict[int, float] = {}
    for (one, other), weight in weights.items():
        for table in (one, other):
            degrees[place[table]] = degrees.get(place[table], 0.0) + weight
    return within / total - sum((degree / (2 * total)) ** 2 for degree in degrees.values())
