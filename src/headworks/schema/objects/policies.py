"""Row-level security policies."""

from typing import ClassVar

from headworks.schema.base import OnTable
from headworks.schema.quoting import literal, regclass

__all__ = ["Policy"]


class Policy(OnTable, frozen=True, kw_only=True):
    """A row-level security policy; whether policies hold at all is the table's `row_security`.

    `command`: `all`, `select`, `insert`, `update` or `delete`. `roles` by name, `PUBLIC` for everybody.
    """

    kind: ClassVar[str] = "policy"

    permissive: bool = True
    command: str = "all"
    roles: tuple[str, ...] = ("PUBLIC",)
    using: str | None = None
    with_check: str | None = None

    @property
    def shown_by(self) -> str:
        return (
            "SELECT polname, polcmd, polpermissive, polroles::regrole[] AS roles,"
            " pg_get_expr(polqual, polrelid) AS using, pg_get_expr(polwithcheck, polrelid) AS with_check FROM pg_policy"
            f" WHERE polrelid = {regclass(self.schema, self.table)} AND polname = {literal(self.name)}"
        )
