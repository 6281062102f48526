"""`lint.cascade-cycle`"""

from collections.abc import Iterator

from headworks.findings import Severity
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.schema import Constraint, QualifiedName

__all__ = ["RULE"]

Edges = dict[QualifiedName, dict[QualifiedName, Constraint]]


def _check(scene: Scene) -> Iterator[Violation]:
    edges: Edges = {}
    for table in scene.tables:
        for key in scene.constraints(table, "foreign key"):
            # A tree that refers to itself loses a branch with its root, which is what is meant there.
            if key.on_delete == "cascade" and key.referenced_table not in (None, (table.schema, table.name)):
                assert key.referenced_table is not None
                edges.setdefault(key.referenced_table, {}).setdefault((table.schema, table.name), key)
    said: set[frozenset[QualifiedName]] = set()
    for start in sorted(edges):
        path = _way_back(edges, start)
        if path is None or frozenset(path) in said:
            continue
        said.add(frozenset(path))
        names = " -> ".join(name for _, name in (*path, start))
        last = edges[path[-1]][start]
        yield Violation(
            object=last.ref,
            message=f"deleting a row may delete its way round: {names}, all ON DELETE CASCADE",
            hint=f'ForeignKey(..., ondelete="RESTRICT") or "SET NULL" for {last.table}.{", ".join(last.columns)},'
            " or for another of them",
        )


def _way_back(edges: Edges, start: QualifiedName) -> list[QualifiedName] | None:
    """The shortest way from a table over what its deletes delete back to it, without its end."""
    ways: list[list[QualifiedName]] = [[start]]
    seen = {start}
    for way in ways:  # it grows
        for following in sorted(edges.get(way[-1], ())):
            if following == start:
                return way
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return None


RULE = LintRule(
    name="cascade-cycle",
    severity=Severity.WARNING,
    problem="Foreign keys with ON DELETE CASCADE go round in a circle: one DELETE may empty several tables.",
    fix="Break the circle: RESTRICT or SET NULL for one of the foreign keys.",
    check=_check,
)
