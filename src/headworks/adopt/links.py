"""What links two tables of a schema, as weights: foreign keys, revisions that touched both, schemas, names."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import TypeAlias

import msgspec

from headworks.erd.build import build
from headworks.schema import QualifiedName, Schema

__all__ = ["MOST_TOGETHER", "Links", "Pair", "first_words", "links_of"]

Pair: TypeAlias = tuple[QualifiedName, QualifiedName]
"""Two tables, in the order of their names."""

MOST_TOGETHER = 20
"""Tables up to which a revision says that they belong together; one that makes thirty says nothing of any two."""

_HINT = 0.5
"""The weight of a schema or a first word in common: it decides where nothing else does."""


class Links(msgspec.Struct, frozen=True):
    """The links between tables. `keys` are (child, parent); `together` counts the revisions that touched both."""

    tables: tuple[QualifiedName, ...]
    keys: frozenset[tuple[QualifiedName, QualifiedName]]
    together: Mapping[Pair, int]
    weights: Mapping[Pair, float]


def links_of(picture: Schema, tables: Iterable[QualifiedName], touched: Iterable[frozenset[QualifiedName]]) -> Links:
    """The links between these tables of a picture; `touched` are the tables that each revision touched.

    A foreign key weighs 1. A revision that touched n tables weighs 1/(n-1) for each two of them, so that one that
    touched two says much and one that touched twenty little (M. E. J. Newman, Phys. Rev. E 64, 016132, of papers and
    their authors).
    """
    known = tuple(sorted(set(tables)))
    inside = set(known)
    weights: dict[Pair, float] = defaultdict(float)
    keys = frozenset(
        (edge.child, edge.parent)
        for edge in build(picture).edges
        if edge.child != edge.parent and {edge.child, edge.parent} <= inside
    )
    for child, parent in sorted(keys):
        weights[_pair(child, parent)] += 1.0
    together: Counter[Pair] = Counter()
    for several in touched:
        here = sorted(several & inside)
        if 2 <= len(here) <= MOST_TOGETHER:
            for pair in combinations(here, 2):
                together[pair] += 1
                weights[pair] += 1 / (len(here) - 1)
    schemas = {schema for schema, _ in known}
    words = first_words(known)
    for one, other in combinations(known, 2):
        hints = (len(schemas) > 1 and one[0] == other[0]) + (words[one] == words[other])
        if hints:
            weights[one, other] += _HINT * hints
    return Links(known, keys, together, weights)


def first_words(tables: Iterable[QualifiedName]) -> dict[QualifiedName, str]:
    """Of each name, in the singular: `study` of `studies` and of `study_directions`.

    A word with which all of them begin (`app_users`, `app_orders`) says nothing, so the next one is taken.
    """
    parts = {one: [part for part in one[1].lower().split("_") if part] or [one[1]] for one in tables}
    while len(parts) > 1 and len({one[0] for one in parts.values()}) == 1 and min(map(len, parts.values())) > 1:
        parts = {table: one[1:] for table, one in parts.items()}
    return {table: _singular(one[0]) for table, one in parts.items()}


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word if word.endswith("ss") else word.removesuffix("s")


def _pair(one: QualifiedName, other: QualifiedName) -> Pair:
    return (one, other) if one < other else (other, one)
