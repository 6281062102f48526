"""Domains for a schema that has none: groups of tables, each with a name, patterns for the config, and its reason."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from headworks.adopt.groups import Group, groups, modularity
from headworks.adopt.links import Links, first_words
from headworks.schema import QualifiedName
from headworks.words import plural

__all__ = ["CLEAR", "Domain", "Proposal", "propose"]

CLEAR = 0.3
"""The modularity from which groups are clear ones (M. E. J. Newman, Phys. Rev. E 69, 066133)."""

_NONE = 0.1
"""That below which there are none to speak of."""


class Domain(msgspec.Struct, frozen=True):
    """A group of tables: named for its centre, the one that most of the others refer to.

    `patterns` are those of `[tool.headworks.domains]`; no table of another domain matches them.
    """

    name: str
    tables: tuple[QualifiedName, ...]
    patterns: tuple[str, ...]
    reason: str


class Proposal(msgspec.Struct, frozen=True):
    """Domains, the largest first; `left` are tables that nothing links to any other. `modularity` says how clear."""

    domains: tuple[Domain, ...]
    left: tuple[QualifiedName, ...]
    modularity: float

    @property
    def clear(self) -> bool:
        """Whether the groups are more than a weak tendency."""
        return self.modularity >= CLEAR


def propose(links: Links, default_schema: str = "public") -> Proposal:
    """The domains that the links speak for; none where they hold all tables together alike."""
    found = groups(links.tables, links.weights)
    clear = modularity(found, links.weights)
    several = [one for one in found if len(one) > 1]
    if len(several) < 2 or clear < _NONE:
        return Proposal((), (), clear)
    names = _names(several, links, default_schema)
    domains = [
        Domain(
            name, tuple(sorted(one)), _patterns(one, links.tables, default_schema), _reason(one, several, names, links)
        )
        for name, one in zip(names, several, strict=True)
    ]
    return Proposal(tuple(domains), tuple(sorted(min(one) for one in found if len(one) == 1)), clear)


def _names(found: Sequence[Group], links: Links, default_schema: str) -> list[str]:
    plain = [_name(one, links, default_schema) for one in found]
    counted = Counter(plain)
    return [
        name if counted[name] == 1 else "_".join(_centre(one, links)) for name, one in zip(plain, found, strict=True)
    ]


def _name(group: Group, links: Links, default_schema: str) -> str:
    schemas = {schema for schema, _ in group}
    if len(schemas) == 1 and schemas != {default_schema} and group == _of_schema(min(schemas), links.tables):
        return min(schemas)
    return _centre(group, links)[1]


def _centre(group: Group, links: Links) -> QualifiedName:
    """The table that most others of the group refer to; of several, the one with most links."""
    named = Counter(parent for child, parent in links.keys if {child, parent} <= group)
    weight: Counter[QualifiedName] = Counter()
    for pair, one in links.weights.items():
        if group.issuperset(pair):
            for table in pair:
                weight[table] += one  # type: ignore[assignment]
    return min(group, key=lambda one: (-named[one], -weight[one], len(one[1]), one))


def _of_schema(schema: str, tables: Iterable[QualifiedName]) -> Group:
    return frozenset(one for one in tables if one[0] == schema)


def _patterns(group: Group, tables: Sequence[QualifiedName], default_schema: str) -> tuple[str, ...]:
    """Names, and `word_*` for several that begin so, where no other table does: a new one is then in it at once."""
    found: list[str] = []
    rest = set(group)
    for schema in sorted({schema for schema, _ in group} - {default_schema}):
        if (whole := _of_schema(schema, tables)) <= group and len(whole) > 1:
            found.append(f"{_literal(schema)}.*")
            rest -= whole
    words = Counter((schema, name.partition("_")[0]) for schema, name in rest if "_" in name.strip("_"))
    for (schema, word), count in sorted(words.items()):
        alike = {one for one in tables if one[0] == schema and one[1].startswith(f"{word}_")}
        elsewhere = {one for one in tables if one[0] != schema and one[1].startswith(f"{word}_")}
        if word and count > 1 and alike <= group and not (elsewhere and schema == default_schema):
            prefix = "" if schema == default_schema else f"{_literal(schema)}."
            found.append(f"{prefix}{_literal(word)}_*")
            rest -= alike
    # The name alone, unless there is one like it in another schema.
    names = Counter(name for _, name in tables)
    for schema, name in rest:
        bare = schema == default_schema and names[name] == 1
        found.append(_literal(name) if bare else f"{_literal(schema)}.{_literal(name)}")
    return tuple(sorted(found))


def _literal(name: str) -> str:
    """The pattern that is this name and no other."""
    return "".join(f"[{one}]" if one in "*?[" else one for one in name)


def _reason(group: Group, found: Sequence[Group], names: Sequence[str], links: Links) -> str:
    inside = [(child, parent) for child, parent in links.keys if {child, parent} <= group]
    place = {table: name for one, name in zip(found, names, strict=True) for table in one}
    outside = Counter(
        place[parent] for child, parent in links.keys if child in group and parent in place and parent not in group
    )
    said = [f"{plural(len(inside), 'foreign key')} within"] if inside else []
    if outside:
        to = ", ".join(sorted(outside, key=lambda one: (-outside[one], one)))
        said.append(f"{outside.total():,} to {to}" if inside else f"{plural(outside.total(), 'foreign key')} to {to}")
    if pairs := sum(1 for pair in links.together if group.issuperset(pair)):
        said.append(f"{plural(pairs, 'pair')} that a revision touched together")
    named = first_words(links.tables)
    words = Counter(named[one] for one in group)
    word, count = min(words.items(), key=lambda one: (-one[1], one[0]))
    if count > 1:
        said.append(f"{count} named {word}...")
    return ", ".join(said)
