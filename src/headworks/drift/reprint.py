"""View texts of two majors, printed by one server.

PostgreSQL 15 prints the columns of a view over one table as `t.a`, later majors as `a`; nobody can tell from the text
alone that the two are the same. So the older texts are made into views on a server of the newer major, over tables
with the same columns, and what that server prints is compared.
"""

from collections.abc import Callable, Collection, Iterator

import msgspec
from psycopg import sql

from headworks.catalog.reader import read_schema
from headworks.drift.standins import composed, run_what_runs, stand_ins, with_columns
from headworks.findings import Finding, Severity
from headworks.postgres.connect import connect
from headworks.postgres.databases import scratch_database
from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl
from headworks.schema import (
    Composite,
    Constraint,
    Function,
    MaterializedView,
    Relation,
    Schema,
    View,
)
from headworks.schema.quoting import as_printed

__all__ = ["not_printed", "printed_alike", "printer"]

_QUALIFIES = 15
"""The last major that prints a view's columns with the name of its only table."""

Texts = View | MaterializedView


def printed_alike(
    expected: Schema, actual: Schema, server: Callable[[], DatabaseUrl | None]
) -> tuple[Schema, Schema, tuple[str, ...]]:
    """Both pictures with their views' texts as one server prints them, and the names of those that it did not.

    `server` is asked for only when texts differ and one of the pictures is of an old major; it must be a newer one, or
    none.
    """
    majors = {expected.server_major, actual.server_major} - {0}
    if len(majors) < 2 or min(majors) > _QUALIFIES:
        return expected, actual, ()
    differing = {key for key in _texts(expected) & _texts(actual) if _text(expected, key) != _text(actual, key)}
    if not differing:
        return expected, actual, ()
    old, new = (expected, actual) if expected.server_major == min(majors) else (actual, expected)
    url = server()
    printed = dict.fromkeys(differing) if url is None else _reprinted(old, differing, url)
    # What was not printed anew is left out of the comparison, and said.
    texts = {key: text if text is not None else _text(new, key) for key, text in printed.items()}
    old = old.with_objects(
        msgspec.structs.replace(item, definition=texts.get((item.schema, item.name)) or item.definition)
        if isinstance(item, View | MaterializedView)
        else item
        for item in old.objects
    )
    refused = tuple(sorted(f"{schema}.{name}" for (schema, name), text in printed.items() if text is None))
    return (old, actual, refused) if expected.server_major == min(majors) else (expected, old, refused)


def printer(shadow: Shadow) -> DatabaseUrl | None:
    """A server that prints as later majors do, if the shadow is one."""
    return shadow.url if shadow.major > _QUALIFIES else None


def not_printed(names: Collection[str], hint: str) -> Iterator[Finding]:
    """The warning about views that one server could not print for both sides; `hint` is what helps there."""
    if names:
        text = f"the texts of {', '.join(names)} were not compared: two majors print them, and no one server both"
        yield Finding(rule="drift.shadow", severity=Severity.WARNING, message=text, hint=hint)


def _texts(picture: Schema) -> set[tuple[str, str]]:
    return {(one.schema, one.name) for kind in (View, MaterializedView) for one in picture.all(kind)}


def _text(picture: Schema, key: tuple[str, str]) -> str | None:
    found = picture.relation(*key)
    return found.definition if isinstance(found, View | MaterializedView) else None


def _reprinted(picture: Schema, keys: set[tuple[str, str]], server: DatabaseUrl) -> dict[tuple[str, str], str | None]:
    """The texts of these views as the server prints them; none where it cannot be brought to have the view."""
    with scratch_database(server) as url, connect(url) as connection:
        run_what_runs(connection, _statements(picture, keys))
        printed = read_schema(connection)
    return {key: _text(printed, key) for key in keys}


def _statements(picture: Schema, keys: set[tuple[str, str]]) -> Iterator[sql.Composed]:
    """Just enough of the schema for the views to be understood: no defaults, no checks, no bodies, no rows."""
    yield from stand_ins(picture)
    relations, views = _named_by(picture, keys)
    for relation in relations:
        name = sql.Identifier(relation.schema, relation.name)
        yield with_columns(picture, relation)
        for one in picture.on(relation, Constraint):
            if one.type == "primary key":  # GROUP BY id may go with columns that depend on it
                yield composed(
                    "ALTER TABLE {} ADD PRIMARY KEY ({})", name, sql.SQL(", ").join(map(sql.Identifier, one.columns))
                )
    for view in views:
        text = composed(view.definition.rstrip().removesuffix(";"))
        name = sql.Identifier(view.schema, view.name)
        if isinstance(view, View):
            yield composed("CREATE VIEW {} AS {}", name, text)
        else:
            yield composed("CREATE MATERIALIZED VIEW {} AS {} WITH NO DATA", name, text)


def _named_by(picture: Schema, keys: set[tuple[str, str]]) -> tuple[list[Relation], list[Texts]]:
    """The relations that these views and the functions may name, and what those name; and all the views."""
    everything = {f"{as_printed(one.schema)}.{as_printed(one.name)}": one for one in picture.all(Relation)}
    signatures = " ".join(f"{one.arguments} {one.returns}" for one in picture.all(Function))
    todo = [one for key in keys if (one := picture.relation(*key)) is not None]
    todo += [one for name, one in everything.items() if isinstance(one, Composite) or name in signatures]
    found: dict[tuple[str, str], Relation] = {}
    while todo:
        relation = todo.pop()
        if found.setdefault((relation.schema, relation.name), relation) is relation and isinstance(relation, Texts):
            new = [one for name, one in everything.items() if name in relation.definition]
            todo += [one for one in new if (one.schema, one.name) not in found]
    views = [one for one in found.values() if isinstance(one, View | MaterializedView)]
    return [one for one in found.values() if not isinstance(one, View | MaterializedView)], views
