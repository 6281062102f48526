"""What is wrong: tables of nobody or of several, names that nothing has, filters and code owners that disagree."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from headworks.findings import Finding, ObjectRef, Severity
from headworks.migrations.project import Project
from headworks.owners.codeowners import CodeOwners
from headworks.owners.ledger import Row
from headworks.owners.manifest import Manifest, Owner
from headworks.owners.tables import Seen

__all__ = ["judge"]


def judge(project: Project, manifest: Manifest, seen: Seen, rows: Sequence[Row]) -> Iterator[Finding]:
    """All of it, first what is about the history, then the tables in their order, then the manifest's own words."""
    said = _Said(project)
    if seen.failure is not None:
        yield Finding(
            rule="owners.migrations",
            severity=Severity.WARNING,
            message=f"the tables of the migrations are unknown, as these do not run on the shadow: {seen.failure}",
            hint=seen.failure.advice or "headworks gate",
        )
    for row in rows:
        yield from _of_table(said, row)
    yield from _missing(project, manifest, seen, rows, said)
    yield from _code_owners(project, manifest, said)


class _Said:
    """The places that findings point at: the manifest's keys in their file, and env.py."""

    def __init__(self, project: Project) -> None:
        self._settings = project.settings
        self.env = self._settings.name_of(Path(project.script.dir) / "env.py")

    def at(self, *names: str) -> dict[str, Any]:
        """`file` and `line` of a key of `[tool.headworks.owners]`; nothing where there is no config."""
        file = self._settings.file
        if file is None:
            return {}
        return {"file": self._settings.name_of(file), "line": self._settings.line_of("owners", *names)}


def _of_table(said: _Said, row: Row) -> Iterator[Finding]:
    table, owners = row.table, row.owners
    ref = ObjectRef("table", table.name, table.schema)
    name = f"table {table.schema}.{table.name}"
    if not owners:
        where = _listed(f"the {place}" for place in row.seen)
        yield Finding(
            rule="owners.unowned",
            object=ref,
            message=f"{name} is in {where}, and nobody owns it",
            hint=f'name it in [tool.headworks.owners]: external = ["{table.label}"], or prisma, or alembic',
            **said.at(),
        )
    elif len(owners) > 1:
        yield Finding(
            rule="owners.several",
            object=ref,
            message=f"{name} has several owners: the manifest names it for {_listed(one.value for one in owners)}",
            hint=f"take it out of all lists but one; without `{Owner.ALEMBIC}` Alembic owns what no other list names",
            **said.at(owners[-1].value),
        )
    elif owners[0] is not Owner.ALEMBIC and table.in_migrations:
        yield Finding(
            rule="owners.several",
            severity=Severity.WARNING,
            object=ref,
            message=f"{name} is {owners[0].spoken}'s, as the manifest says, and the migrations make it as well",
            hint="headworks gate names the revision; one that hands the table over says so: "
            "# headworks: allow gate.trespass - the reason",
            **said.at(owners[0].value),
        )
    if len(row.domains) > 1:
        yield Finding(
            rule="owners.several",
            object=ref,
            message=f"{name} has several domains: the manifest names it for {_listed(row.domains)}",
            hint="take it out of the `tables` of all domains but one",
            **said.at("domains", row.domains[-1]),
        )
    if len(owners) == 1 and table.included is not (owners[0] is Owner.ALEMBIC):
        yield _filter(said, table.included, ref, owners[0])


def _filter(said: _Said, included: bool, ref: ObjectRef, owner: Owner) -> Finding:
    name = f"table {ref.schema}.{ref.name}"
    if included:
        text = f"env.py lets Alembic see {name}, which {owner.spoken} owns: autogenerate would alter or drop it"
    else:
        text = f"env.py keeps {name} from Alembic, which owns it: autogenerate does not see what changes in it"
    return Finding(
        rule="owners.filter",
        object=ref,
        file=said.env,
        line=1,
        message=text,
        hint="from headworks.owners.filters import AlembicFilter; mine = AlembicFilter(__file__); "
        "context.configure(..., include_name=mine.include_name, include_object=mine.include_object)",
    )


def _missing(project: Project, manifest: Manifest, seen: Seen, rows: Sequence[Row], said: _Said) -> Iterator[Finding]:
    """Names of the manifest that nothing has. What others own is looked for in a live database alone."""
    for claim in manifest.claims:
        if claim.owner is Owner.ALEMBIC:
            there, where = any(_has(row, claim.pattern) for row in rows), "the models, the migrations and the database"
        else:
            there = not seen.live or any(row.table.in_database and _has(row, claim.pattern) for row in rows)
            where = "the database"
        if not there:
            yield _nothing(claim.owner.value, claim.pattern.text, where, said.at(claim.owner.value))
    for domain, pattern in manifest.domain_patterns():
        if not any(_has(row, pattern) for row in rows):
            place = said.at("domains", domain, "tables")
            yield _nothing(f"domains.{domain}.tables", pattern.text, "what was looked at", place)
    known = tuple(dict.fromkeys((*project.history.domains, *project.settings.keys.domains)))
    for domain in manifest.settings.domains:
        if domain not in known:
            yield Finding(
                rule="owners.missing",
                message=f"the manifest names the domain {domain}, which neither the history nor the config has",
                hint=f"the domains are {', '.join(known) or 'none yet'}",
                **said.at("domains", domain),
            )


def _has(row: Row, pattern: Any) -> bool:
    return bool(pattern.names(row.table.schema, row.table.name))


def _nothing(key: str, pattern: str, where: str, place: dict[str, Any]) -> Finding:
    return Finding(
        rule="owners.missing",
        severity=Severity.WARNING,
        message=f"{key} names {pattern!r}, and there is no such table in {where}",
        hint=f"correct it, or take it out of [tool.headworks.owners] {key}, unless its owner has yet to make the table",
        **place,
    )


def _code_owners(project: Project, manifest: Manifest, said: _Said) -> Iterator[Finding]:
    """The CODEOWNERS file must name, for each revision of a domain, everybody whom the manifest names for it."""
    files = CodeOwners(project.settings.root)
    for domain in project.history.domains:
        wanted = manifest.code_owners(domain)
        revisions = project.history.of_domain(domain)
        if not wanted:
            if files.file is not None and not any(files.of(one.path) for one in revisions):
                folder = str(Path(revisions[0].file).parent)
                yield Finding(
                    rule="owners.codeowners",
                    severity=Severity.WARNING,
                    file=project.settings.name_of(files.file),
                    message=f"the domain {domain} has no code owner: neither the manifest nor CODEOWNERS names one",
                    hint=f"add a line to CODEOWNERS: /{folder}/ @team",
                )
            continue
        lacking = [(one, missing) for one in revisions if (missing := set(wanted) - set(files.of(one.path)))]
        if not lacking:
            continue
        revision, missing = lacking[0]
        folder = str(Path(revision.file).parent)
        found = files.of(revision.path)
        if files.file is None:
            text = f"{_listed(wanted)} should own the domain {domain}, as the manifest says, and there is no CODEOWNERS"
        else:
            names = _listed(sorted(missing, key=wanted.index))
            said_there = f"names {' '.join(found)} there" if found else "names nobody there"
            count = "" if len(lacking) == len(revisions) else f" ({len(lacking)} of {len(revisions)} revisions)"
            text = f"the manifest names {names} for the domain {domain}, and CODEOWNERS {said_there}: {folder}/{count}"
        file = project.settings.name_of(files.file) if files.file is not None else None
        yield Finding(
            rule="owners.codeowners",
            expected=list(wanted),
            actual=list(found),
            message=text,
            hint=f"add a line to CODEOWNERS: /{folder}/ {' '.join(dict.fromkeys((*found, *wanted)))}",
            **({"file": file} if file is not None else said.at("domains", domain)),
        )


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
