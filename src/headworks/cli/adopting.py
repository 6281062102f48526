"""What `init` says of a project that is there: its parts, what is odd, and how its history reads by domain."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from headworks.cli.terminal import bold, coloured, plural

if TYPE_CHECKING:
    from headworks.adopt.proposal import Proposal
    from headworks.adopt.reading import Reading
    from headworks.adopt.run import Adoption
    from headworks.migrations.project import Project
    from headworks.schema import QualifiedName

__all__ = ["described", "graph"]

_MOST = 10
_WIDTH = 100


def graph(project: "Project") -> str:
    """The history in a line."""
    history = project.history
    domains = ", ".join(history.domains) or "none yet"
    counts = f"{plural(len(history.revisions), 'revision')}, {plural(len(history.domains), 'domain')} ({domains})"
    return f"{counts}, driver {project.driver}"


def described(project: "Project", found: "Adoption") -> Iterator[str]:
    """Line by line. Raises `MetadataPathBroken` where the config names models that are not there."""
    from headworks.drift.models import metadata_or_none

    place = Path(project.settings.name_of(Path(project.script.dir) / "env.py"))
    env = "env.py" if place.is_absolute() else place.as_posix()  # of an installed package: the path says nothing
    tables = sum(len(one.tables) for one in metadata_or_none(project, found.configured, required=False))
    whose = "the config's" if project.settings.keys.metadata else "its"
    yield f"{env} runs; {whose} models have {plural(tables, 'table')}"
    schema = found.configured.version_table_schema
    yield f"version table: {f'{schema}.' if schema else ''}{found.configured.version_table}"
    seen = found.observed.seen
    if seen:
        ran = f"{found.observed.ran:,} of {plural(len(seen), 'revision')} ran up"
        left = plural(len(found.observed.tables), "table")
        yield f"{ran} on an empty PostgreSQL {found.postgresql} in {found.seconds:.1f} s and left {left}"
    for quirk in found.quirks:
        yield f"{coloured('!', 'yellow')} {quirk.text}"
        if quirk.hint:
            yield f"  hint: {quirk.hint}"
    yield from _domains(project, found)


def _domains(project: "Project", found: "Adoption") -> Iterator[str]:
    reading = found.reading
    if found.source == "branches" and found.observed.seen and not found.observed.ran:
        yield "which tables the domains have is not seen: no revision runs; run `headworks init` again when one does"
    elif found.source == "branches":
        history = project.history
        yield bold(f"{plural(len(history.domains), 'domain')}, the history's own branches")
        yield from _read(reading, {}, {name: len(history.of_domain(name)) for name in history.domains})
    elif found.source == "config":
        yield bold(f"{plural(len(reading.domains), 'domain')}, as [tool.headworks.domains] says")
        yield from _read(reading, {})
    elif found.source == "proposal" and found.proposal is not None:
        how = "clear" if found.proposal.clear else "weak"
        yield bold(
            f"{plural(len(reading.domains), 'domain')} proposed, by foreign keys, revisions and names"
            f" (modularity {found.proposal.modularity:.2f}: {how} groups)"
        )
        yield from _read(reading, _reasons(found.proposal))
    elif found.proposal is not None and len(found.observed.tables) > 1:
        yield f"one domain: its tables do not fall into groups (modularity {found.proposal.modularity:.2f})"
    elif found.observed.seen and found.proposal is None:
        yield "no domains proposed: too little of the history runs; run `headworks init` again when it does"


def _reasons(proposal: "Proposal") -> dict[str, str]:
    return {one.name: one.reason for one in proposal.domains}


def _read(reading: "Reading", reasons: dict[str, str], branches: dict[str, int] | None = None) -> Iterator[str]:
    """The domains with their tables, and those of the `branches` that have none, each with its number of revisions."""
    for one in reading.domains:
        shared = f", {one.shared:,} shared" if one.shared else ""
        touched = f"{plural(one.alone, 'revision')} of its own{shared}"
        yield f"  {bold(one.name)}: {plural(len(one.tables), 'table')}, {touched}"
        yield from (f"    {line}" for line in _wrapped(_names(one.tables)))
        if one.name in reasons:
            yield f"    why: {reasons[one.name]}"
    with_tables = {one.name for one in reading.domains}
    for name, count in (branches or {}).items():
        if name not in with_tables:
            yield f"  {bold(name)}: no table, {plural(count, 'revision')}"
    if reading.left:
        yield "  in none:"
        yield from (f"    {line}" for line in _wrapped(_names(reading.left)))
    if reading.several:
        yield f"  {plural(len(reading.several), 'revision')} of several domains:"
        for seen, names in reading.several[:_MOST]:
            yield f"    {seen.revision.id}  {', '.join(names)}"
        if len(reading.several) > _MOST:
            yield f"    and {len(reading.several) - _MOST:,} more"


def _names(tables: "Sequence[QualifiedName]") -> list[str]:
    return [name if schema == "public" else f"{schema}.{name}" for schema, name in tables]


def _wrapped(names: list[str]) -> Iterator[str]:
    line = ""
    for number, name in enumerate(names):
        word = name + ("," if number < len(names) - 1 else "")
        if line and len(line) + 1 + len(word) > _WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    if line:
        yield line
