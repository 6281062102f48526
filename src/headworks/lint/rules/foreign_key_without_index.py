"""`lint.foreign-key-without-index`"""

from collections.abc import Iterator

from headworks.findings import Severity
from headworks.lint.indexes import indexes_of, leads_to, printed
from headworks.lint.rule import LintRule, NewIndex, Scene, Violation

__all__ = ["RULE"]


def _check(scene: Scene) -> Iterator[Violation]:
    for table in scene.tables:
        indexes = indexes_of(scene.picture, table)
        said: set[frozenset[str]] = set()
        for key in scene.constraints(table, "foreign key"):
            if key.temporal:  # it is looked up by an overlap of periods, for which a btree is no help
                continue
            if frozenset(key.columns) in said or any(leads_to(one, key.columns) for one in indexes):
                continue
            said.add(frozenset(key.columns))
            schema, referred = key.referenced_table or ("", "")
            yield Violation(
                object=key.ref,
                message=(
                    f"no index of {table.name} begins with {', '.join(key.columns)}: each DELETE in {schema}.{referred}"
                    f" reads the whole of {table.name}"
                ),
                hint=f"headworks lint --fix writes the revision; the model needs it too: {_in_model(key.columns)}",
                index=NewIndex(table=(table.schema, table.name), keys=printed(key.columns), columns=tuple(key.columns)),
            )


def _in_model(columns: tuple[str, ...]) -> str:
    return "index=True" if len(columns) == 1 else f"Index(None, {', '.join(map(repr, columns))}) in __table_args__"


RULE = LintRule(
    name="foreign-key-without-index",
    severity=Severity.WARNING,
    problem="The referring columns of a foreign key have no index: a DELETE of a referred row reads the whole table.",
    fix="Add an index that begins with these columns; headworks lint --fix writes the revision.",
    check=_check,
)
