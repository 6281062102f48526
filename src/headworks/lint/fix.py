"""`lint --fix`: revisions with the indexes that the migrations lack, a revision for each domain."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Index as DeclaredIndex
from sqlalchemy import MetaData
from sqlalchemy import Table as DeclaredTable

from headworks.drift.orm_models import declared_tables
from headworks.errors import UsageError
from headworks.lint.indexes import AnIndex, column_of, indexes_of, leads_to, normal, plain_columns, printed, serves
from headworks.lint.naming import LONGEST, index_name
from headworks.lint.policy import Standards
from headworks.lint.rule import NewIndex, Scene
from headworks.lint.run import scene_of, violations
from headworks.migrations.domains import declared_domains, observed_domains, said_domains
from headworks.migrations.indexes import IndexToBuild, building
from headworks.migrations.project import Project
from headworks.migrations.writing import Body, write_revision
from headworks.postgres.databases import scratch_database
from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Index, QualifiedName, Schema

__all__ = ["Fix", "Fixes", "PlanRefused", "fixes", "write"]


class PlanRefused(UsageError):
    """{file}, line {line}: [tool.headworks.lint] planned_indexes: PostgreSQL refuses the {index}: {reason}"""

    hint = "correct it there: a key is written as in CREATE INDEX; nothing was written"


class Fix(msgspec.Struct, frozen=True):
    """A revision to be written: the domain that it is for, its indexes, and which of them the models lack."""

    domain: str
    indexes: tuple[IndexToBuild, ...]
    not_in_models: tuple[IndexToBuild, ...]

    @property
    def body(self) -> Body:
        """What the revision does."""
        return building(self.indexes)

    @property
    def message(self) -> str:
        """What the revision says that it does."""
        tables = sorted({one.table[1] for one in self.indexes})
        return f"Add missing indexes to {', '.join(tables) if len(tables) < 4 else self.domain}"


class Fixes(msgspec.Struct, frozen=True):
    """All of them, and the tables whose indexes are left to people.

    Those that are `partitioned`, as these cannot be built concurrently, and those of `no_domain`, as it is not known in
    which domain's revisions they would go. `constraints` are those of the models, (table, name), that bring an index
    and that the migrations lack altogether.
    """

    revisions: tuple[Fix, ...]
    partitioned: tuple[QualifiedName, ...]
    no_domain: tuple[QualifiedName, ...]
    constraints: tuple[tuple[QualifiedName, str], ...]


def fixes(project: Project, shadow: Shadow) -> Fixes:
    """What the migrations lack, whatever the models have. An index that only the models have is taken as it is there.

    Raises `PlanRefused`, and what realising the migrations or the models raises.
    """
    standards = Standards(project.settings)
    migrations = scene_of(project, "migrations", _nothing_live, shadow)
    models = scene_of(project, "models", _nothing_live, shadow).picture if migrations.metadata else None
    wanted = _wanted(project, migrations, standards)
    partitioned = {one.table for one in wanted if _is_partitioned(migrations.picture, one.table)}
    taken = {name for item in migrations.picture.objects for name in _relation_names(item)}
    chosen: list[IndexToBuild] = []
    lacking: list[IndexToBuild] = []
    constraints: dict[tuple[QualifiedName, str], None] = {}
    for new in (one for one in wanted if one.table not in partitioned):
        if new.columns and not new.planned and any(_serves(one, new.table, new.columns) for one in chosen):
            continue
        there = _of_models(models, new) if models else None
        if isinstance(there, str):
            constraints[new.table, there] = None
            continue
        made = there or _to_build(new, _name(new, standards, migrations.metadata, taken))
        if _shape(made) in map(_shape, chosen):
            continue
        taken.add((made.table[0], made.name))
        chosen.append(made)
        if models and there is None and models.table(*new.table) is not None:
            lacking.append(made)
    domains = _domains(project, shadow, migrations.metadata, chosen)
    found = tuple(
        Fix(
            domain,
            tuple(one for one in chosen if domains.get(one.table) == domain),
            tuple(one for one in lacking if domains.get(one.table) == domain),
        )
        for domain in dict.fromkeys(domains[one.table] for one in chosen if one.table in domains)
    )
    homeless = dict.fromkeys(one.table for one in chosen if one.table not in domains)
    return Fixes(found, tuple(sorted(partitioned)), tuple(homeless), tuple(constraints))


def _wanted(project: Project, migrations: Scene, standards: Standards) -> list[NewIndex]:
    """The indexes that are missing, each once: planned ones first, and those that may stand for others."""
    found = [one for _, _, one in violations(migrations, standards)]
    for one in found:
        if one.refusal is not None and one.config is not None:
            settings, (key, number) = project.settings, one.config
            planned = settings.keys.lint.planned_indexes[number]
            raise PlanRefused(
                file=settings.name_of(settings.file) if settings.file else "",
                line=settings.line_of("lint", key, nth=number),
                index=f"index ({', '.join(planned.keys)}) of {planned.table}",
                reason=one.refusal,
            )
    missing = dict.fromkeys(one.index for one in found if one.index is not None)
    return sorted(missing, key=lambda one: (not one.planned, one.table, not one.unique, -len(one.keys)))


def _shape(one: IndexToBuild) -> tuple[object, ...]:
    """What two of them have in common where one is enough; a unique one comes first."""
    return (one.table, one.keys, one.method, one.where)


def _is_partitioned(picture: Schema, name: QualifiedName) -> bool:
    table = picture.table(*name)
    return table is not None and table.partition_key is not None


def _serves(one: IndexToBuild, table: QualifiedName, columns: Sequence[str]) -> bool:
    keys = printed(one.keys) if one.plain else one.keys
    return one.table == table and serves(one.method, keys, one.where, columns)


def write(project: Project, fix: Fix) -> Path:
    """Write the revision, as `headworks revision` does. The history is read anew, for the numbers in ids."""
    return write_revision(Project(project.settings), domain=fix.domain, message=fix.message, body=fix.body)


def _nothing_live() -> DatabaseUrl:
    raise AssertionError("neither models nor migrations ask a live database")


def _relation_names(item: object) -> list[QualifiedName]:
    """Indexes share their names with tables, views and sequences."""
    schema, name = getattr(item, "schema", None), getattr(item, "name", None)
    return [(schema, name)] if isinstance(schema, str) and isinstance(name, str) else []


def _of_models(models: Schema, new: NewIndex) -> IndexToBuild | str | None:
    """The index of the models that is meant, as they have it; the name of a constraint where that brings it."""
    table = models.table(*new.table)
    if table is None:
        return None
    for one in sorted(indexes_of(models, table), key=lambda one: one.constraint is not None):
        if not _meant(one, new):
            continue
        item = models.get(one.ref)
        if not isinstance(item, Index):
            return one.name
        columns = plain_columns(item.keys, table.column_order)
        return IndexToBuild(
            name=one.name,
            table=new.table,
            keys=columns or item.keys,
            plain=columns is not None,
            include=one.include,
            unique=one.unique,
            method=one.method,
            where=one.where,
            nulls_not_distinct=one.nulls_not_distinct,
            storage_parameters=item.storage_parameters,
            tablespace=item.tablespace,
        )
    return None


def _meant(one: AnIndex, new: NewIndex) -> bool:
    if new.columns and not new.planned and leads_to(one, new.columns):
        return True
    return (one.keys, one.method, one.where) == (normal(new.keys), new.method, new.where) and one.unique >= new.unique


def _to_build(new: NewIndex, name: str) -> IndexToBuild:
    return IndexToBuild(
        name=name,
        table=new.table,
        keys=new.columns or new.keys,
        plain=new.columns is not None,
        unique=new.unique,
        method=new.method,
        where=new.where,
    )


def _name(new: NewIndex, standards: Standards, metadata: Sequence[MetaData], taken: set[QualifiedName]) -> str:
    """By the config's convention, else the models', else SQLAlchemy's own; never a name that there is."""
    schema, table = new.table
    declared = declared_tables(metadata, "public").get(new.table)
    columns = new.columns or tuple(column_of(key, [key.split(" ")[0]]) or "expr" for key in new.keys)
    said = standards.keys.naming.uq if new.unique else standards.keys.naming.ix
    name = _by_models(declared, columns, unique=new.unique) if declared is not None and not said else None
    name = name or index_name(standards.keys.naming, table, columns, unique=new.unique)
    number, made = 1, name
    while (schema, made) in taken:
        number += 1
        made = f"{name[: LONGEST - 4]}_{number}"
    return made


def _by_models(table: DeclaredTable, columns: Sequence[str], *, unique: bool) -> str | None:
    """What the MetaData's naming convention makes of it."""
    if unique or not all(name in table.columns for name in columns):
        return None
    copy = table.to_metadata(MetaData(naming_convention=table.metadata.naming_convention))
    name = DeclaredIndex(None, *(copy.columns[one] for one in columns)).name
    return str(name) if name and len(str(name).encode()) <= LONGEST else None


def _domains(
    project: Project, shadow: Shadow, metadata: Sequence[MetaData], chosen: Sequence[IndexToBuild]
) -> Mapping[QualifiedName, str]:
    """The domain of each table: what its model says, else the config, else that of the revision that brought it."""
    known = project.history.domains
    if len(known) == 1:
        return {one.table: known[0] for one in chosen}
    tables = {one.table for one in chosen}
    everywhere = said_domains(project.settings, tables, declared_domains(metadata))
    said = {table: domain for table, domain in everywhere.items() if domain in known}
    if tables <= said.keys():
        return said
    with scratch_database(shadow.url) as url:
        return {**observed_domains(project, url), **said}
