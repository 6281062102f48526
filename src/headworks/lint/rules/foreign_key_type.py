"""`lint.foreign-key-type`"""

from collections.abc import Iterator

from headworks.findings import Severity
from headworks.lint.rule import LintRule, Scene, Violation
from headworks.lint.words import in_sql
from headworks.schema import Column
from headworks.schema.quoting import as_printed

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    types = {(one.schema, one.table, one.name): one.type for one in scene.picture.all(Column)}
    for table in scene.tables:
        for key in scene.constraints(table, "foreign key"):
            if key.referenced_table is None:
                continue
            for mine, theirs in zip(key.columns, key.referenced_columns, strict=False):
                found = types.get((table.schema, table.name, mine))
                wanted = types.get((*key.referenced_table, theirs))
                if found is None or wanted is None or found == wanted:
                    continue
                referred = f"{key.referenced_table[1]}.{theirs}"
                yield Violation(
                    object=key.ref,
                    attribute="type",
                    expected=wanted,
                    actual=found,
                    message=f"{table.name}.{mine} is {found} and refers to {referred}, which is {wanted}",
                    hint=f"give the model's {mine} the type of {referred} (leave it out: a ForeignKey brings it);"
                    f" ALTER TABLE {in_sql(table.schema, table.name)} ALTER COLUMN {as_printed(mine)} TYPE {wanted}",
                )


RULE = LintRule(
    name="foreign-key-type",
    severity=Severity.ERROR,
    problem="A foreign key's column has another type than the column that it refers to: some values fit in one alone.",
    fix="Give both the same type.",
    check=_check,
)
