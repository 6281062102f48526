"""What runs when rows of a relation are read or changed: triggers and rules."""

from typing import ClassVar

from headworks.schema.base import OnTable, QualifiedName
from headworks.schema.objects.attachable import Attachable
from headworks.schema.quoting import literal, regclass

__all__ = ["Rule", "Trigger"]


class Trigger(Attachable, frozen=True, kw_only=True):
    """A trigger. `enabled`: `origin` (the default), `always`, `replica` or `disabled`.

    `arguments` are literals, `columns` those after UPDATE OF, `when` the condition. A constraint trigger has
    `constraint` set, and may name a `referenced_table`. `depends_on_extensions` are those of DEPENDS ON EXTENSION, with
    which it is dropped. A partition's copy of its parent's trigger is attached to that one.
    """

    kind: ClassVar[str] = "trigger"
    copied: ClassVar[bool] = True

    timing: str
    events: tuple[str, ...]
    columns: tuple[str, ...] = ()
    for_each: str = "row"
    when: str | None = None
    function: QualifiedName
    arguments: tuple[str, ...] = ()
    old_table: str | None = None
    new_table: str | None = None
    enabled: str = "origin"
    constraint: bool = False
    referenced_table: QualifiedName | None = None
    deferrable: bool = False
    initially_deferred: bool = False
    depends_on_extensions: tuple[str, ...] = ()

    @property
    def shown_by(self) -> str:
        return (
            "SELECT pg_get_triggerdef(oid) AS definition, tgenabled FROM pg_trigger"
            f" WHERE tgrelid = {regclass(self.schema, self.table)} AND tgname = {literal(self.name)}"
        )


class Rule(OnTable, frozen=True, kw_only=True):
    """A rule that is more than a view's own definition. `event`: `insert`, `update` or `delete`.

    `instead` is false for DO ALSO. `condition` and `actions` are as PostgreSQL prints them, `actions` whole: NOTHING,
    one statement, or several in parentheses. `enabled` as that of a trigger.
    """

    kind: ClassVar[str] = "rule"

    event: str
    instead: bool = False
    condition: str | None = None
    actions: str
    enabled: str = "origin"

    @property
    def shown_by(self) -> str:
        return (
            "SELECT pg_get_ruledef(oid) AS definition, ev_enabled FROM pg_rewrite"
            f" WHERE ev_class = {regclass(self.schema, self.table)} AND rulename = {literal(self.name)}"
        )
