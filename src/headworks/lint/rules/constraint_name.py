"""`lint.constraint-name`"""

from collections.abc import Iterator

from headworks.findings import ObjectRef, Severity
from headworks.lint.indexes import column_of
from headworks.lint.naming import follows, spelled, suggested
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.lint.words import in_sql, quoted
from headworks.schema import Constraint, Index, Relation

__all__ = ["RULE"]

_KINDS = {"primary key": "pk", "unique": "uq", "foreign key": "fk", "check": "ck", "exclusion": "ex"}


def _check(scene: Scene) -> Iterator[Violation]:
    for table in scene.tables:
        for kind, ref, columns in _names(scene, table):
            template = getattr(scene.settings.naming, kind)
            if template is None or follows(ref.name, template, table.name, columns):
                continue
            wanted = spelled(template, table.name, columns)
            if ref.kind == "constraint":
                rename = (
                    f"ALTER TABLE {in_sql(scene, table.schema, table.name)}"
                    f" RENAME CONSTRAINT {quoted(scene, ref.name)} TO"
                )
            else:
                rename = f"ALTER INDEX {in_sql(scene, table.schema, ref.name)} RENAME TO"
            rename += f" {quoted(scene, suggested(template, table.name, columns, ref.name))}"
            yield Violation(
                object=ref,
                attribute="name",
                expected=wanted,
                actual=ref.name,
                message=f"{ref.kind} {ref.name} of {table.name} is not named {wanted}",
                hint=f"op.execute({rename!r}) in a revision; the models' MetaData takes a naming_convention",
            )


def _names(scene: Scene, table: Relation) -> Iterator[tuple[str, ObjectRef, list[str]]]:
    for one in scene.picture.on(table, Constraint):
        yield _KINDS[one.type], one.ref, list(one.columns)
    for index in scene.picture.on(table, Index):
        columns = [column_of(key, table.column_order) or "*" for key in index.keys]
        yield "uq" if index.unique else "ix", index.ref, columns


RULE = LintRule(
    name="constraint-name",
    severity=Severity.ERROR,
    problem="A constraint or an index is not named as [tool.headworks.lint.naming] says.",
    fix="Rename it, and set the same convention as the MetaData's naming_convention.",
    check=_check,
)
