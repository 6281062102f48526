"""What an ORM would see in the live schema beside what the models map: drift without a shadow (`drift --quick`)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy
from sqlalchemy import MetaData

from headworks.catalog.reader import read_schema
from headworks.drift.compare import Sees
from headworks.drift.filters import Filter
from headworks.drift.orm_keys import foreign_keys_of, missing_keys, said, unique_keys_of
from headworks.drift.orm_live import Automapped, automapped, reflecting
from headworks.drift.orm_models import ColumnName, Join, Mapped, Relationship, declared_tables, mapped
from headworks.drift.orm_tables import RULE, Pair, changed, columns_of, missing, primary_key_of, unexpected
from headworks.drift.orm_types import Types
from headworks.drift.policy import Policy
from headworks.findings import Finding, Severity
from headworks.postgres.connect import connect
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Column, Composite, Constraint, QualifiedName, Schema, Table
from headworks.words import plural

__all__ = ["orm_drift"]

_NAMED = 5


def orm_drift(
    metadata: Sequence[MetaData],
    live: DatabaseUrl,
    only: Filter,
    *,
    picture: Schema | None = None,
    policy: Policy | None = None,
    default_schema: str = "public",
) -> tuple[Finding, ...]:
    """What tells the live database from the models to an ORM, as findings in order; the database is only read.

    Compared are tables, columns, Python types (SQL types where Python does not tell them apart), nullability, primary,
    unique and foreign keys, and relationships. `picture` is that of the live database where it has been read already,
    `policy` is what the config leaves alone; models that name no schema are in `default_schema`.

    Raises `ModelsUnresolved`, and what `connect` and `read_schema` raise.
    """
    policy = policy or Policy()
    declared = declared_tables(metadata, default_schema)
    with connect(live, read_only=True) as connection:
        picture = picture or read_schema(connection)
        expected, actual = _ours(declared, picture, only, policy)
        models = mapped({name: declared[name] for name in _names(expected)}, default_schema)
        sees = only.between(expected, actual)
        pairs = {pair.name: pair for pair in _pairs(declared, expected, actual, picture, sees)}
        related = {name[:2] for one in models.relationships for join in one.joins for name in join}
        with reflecting(connection, default_schema) as reflected:
            types = Types(reflected, _columns(pairs.values()))
            found = automapped(picture, related)
    findings = [*_missing_tables(expected, pairs, models), *_unexpected_tables(declared, actual)]
    gone = {name: missing_keys(pair, default_schema) for name, pair in pairs.items()}
    keys = [joins for some in gone.values() for joins in some]
    over = _going_over(keys, models.relationships, pairs, found)
    for pair in pairs.values():
        findings += columns_of(pair, types)
        findings += primary_key_of(pair)
        findings += unique_keys_of(pair)
        findings += foreign_keys_of(pair, default_schema, gone[pair.name], over)
    findings += _relationships(models.relationships, pairs, found, frozenset().union(*keys))
    findings.sort(key=_by_table)  # stable: of one table, what was found first stays first
    return (*(one for one in findings if _counts(one, policy)), *_notes(models, types))


def _ours(
    declared: Mapping[QualifiedName, sqlalchemy.Table], picture: Schema, only: Filter, policy: Policy
) -> tuple[Schema, Schema]:
    """An outline of the models and the picture, without what env.py or the config leave alone."""
    outline: list[Table | Column] = []
    for (schema, name), table in declared.items():
        columns = tuple(str(one.name) for one in table.columns)
        outline.append(Table(schema=schema, name=name, column_order=columns))
        outline += (Column(schema=schema, table=name, name=column, type="") for column in columns)
    models = Schema.of(outline)
    schemas = only.schemas(models, picture)
    expected, actual = (policy.apply(only.apply(one, schemas)) for one in (models, picture))
    return expected, actual


def _names(picture: Schema) -> list[QualifiedName]:
    return [(table.schema, table.name) for table in picture.all(Table)]


def _pairs(
    declared: Mapping[QualifiedName, sqlalchemy.Table],
    expected: Schema,
    actual: Schema,
    picture: Schema,
    sees: Sees | None,
) -> Iterator[Pair]:
    for name in _names(expected):
        live = actual.relation(*name)
        if live is not None and not isinstance(live, Composite):
            outline = expected.table(*name)
            assert outline is not None
            yield Pair(declared[name], [one.name for one in expected.on(outline, Column)], live, actual, picture, sees)


def _columns(pairs: Iterable[Pair]) -> "dict[ColumnName, tuple[sqlalchemy.Column[Any], Column]]":
    """The columns that both sides have."""
    return {
        (*pair.name, name): (pair.columns[name], live)
        for pair in pairs
        for name, live in pair.live_columns.items()
        if name in pair.columns
    }


def _missing_tables(expected: Schema, live: Mapping[QualifiedName, Pair], models: Mapped) -> Iterator[Finding]:
    for table in expected.all(Table):
        if (table.schema, table.name) not in live:
            classes = models.classes.get((table.schema, table.name), ())
            because = f"{' and '.join(classes)} is mapped to it" if classes else "the models declare it"
            yield missing(table.ref, f"{because}, and the database has none")


def _unexpected_tables(declared: Mapping[QualifiedName, sqlalchemy.Table], actual: Schema) -> Iterator[Finding]:
    for table in actual.all(Table):
        # Models map a partitioned table; its partitions come and go.
        if (table.schema, table.name) not in declared and table.bound is None:
            yield unexpected(table.ref, sql=table.shown_by)


def _lacking(one: Relationship, pairs: Mapping[QualifiedName, Pair], found: Automapped) -> frozenset[Join]:
    """The joins that automap would not make, but for what goes from or to a table that is missing, or left alone."""
    return one.joins - found.joins if one.source in pairs and one.target in pairs else frozenset()


def _turned(one: Relationship, found: Automapped) -> frozenset[str]:
    """The directions in which the live keys go between the two tables, where the declared one is none of them."""
    seen = found.directions.get((one.source, one.target), frozenset())
    return seen if one.direction not in seen else frozenset()


def _going_over(
    keys: Iterable[frozenset[Join]],
    relationships: tuple[Relationship, ...],
    pairs: Mapping[QualifiedName, Pair],
    found: Automapped,
) -> dict[frozenset[Join], list[str]]:
    """The relationships that go over each of these missing keys, and that nothing else is said of."""
    lost = [(one, _lacking(one, pairs, found)) for one in relationships if not _turned(one, found)]
    return {key: [f"{one.class_name}.{one.attribute}" for one, joins in lost if joins & key] for key in keys}


def _relationships(
    relationships: tuple[Relationship, ...],
    pairs: Mapping[QualifiedName, Pair],
    found: Automapped,
    gone: frozenset[Join],
) -> Iterator[Finding]:
    """Declared relationships that automap would not make. Those that only it would make are no drift.

    Nor are those of which only joins of missing keys (`gone`) are missing: that is said with the key.
    """
    for one in relationships:
        if not (lacking := _lacking(one, pairs, found)):
            continue
        source = pairs[one.source]
        ref = source.ref("relationship", one.attribute)
        name = f"{one.class_name}.{one.attribute}"
        if seen := _turned(one, found):
            actual = ", ".join(sorted(seen))
            message = f"{ref}: {name} is {one.direction}, and the keys of the database make it {actual}"
            yield changed(ref, "relationship direction", one.direction, actual, source.live.shown_by, message)
        elif not lacking <= gone and all(
            name[:2] in pairs and name[2] in pairs[name[:2]].live_columns for join in lacking for name in join
        ):
            because = f"{name} goes over {said(lacking)}, which is no foreign key of the database"
            yield missing(ref, because, expected=one.direction, sql=source.live.shown_by)


def _counts(finding: Finding, policy: Policy) -> bool:
    """Whether the config does not leave a constraint alone; of tables and columns nothing left alone has come here."""
    ref = finding.object
    if ref is None or ref.kind != "constraint" or ref.schema is None or ref.table is None:
        return True
    return len(policy.apply(Schema.of([Constraint(schema=ref.schema, table=ref.table, name=ref.name, type="")]))) > 0


def _by_table(finding: Finding) -> tuple[str, str]:
    ref = finding.object
    assert ref is not None
    return (ref.schema or "", ref.table or ref.name)


def _notes(models: Mapped, types: Types) -> Iterator[Finding]:
    """What could not be compared, or not fully."""
    if unknown := types.unknown():
        said = f"{plural(len(unknown), 'type')} that SQLAlchemy does not know, compared by name alone"
        yield _note(said, unknown)
    if undeclared := [".".join(name) for name in types.undeclared()]:
        yield _note(
            f"{plural(len(undeclared), 'column')} of a type that SQLAlchemy cannot write, not compared", undeclared
        )
    if models.by_hand:
        said = f"{plural(len(models.by_hand), 'relationship')} with no foreign key behind, not compared"
        yield _note(said, models.by_hand)
    for reason in models.broken:
        yield _note("relationships not compared, as the mappers cannot be put together", [reason])


def _note(said: str, names: Sequence[str]) -> Finding:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return Finding(rule=RULE, severity=Severity.NOTE, message=f"{said}: {', '.join(names[:_NAMED])}{more}")
