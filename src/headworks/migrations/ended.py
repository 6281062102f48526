"""Revisions that end the transaction that Alembic runs them in: is what came after there, or was it rolled back?

SQLAlchemy begins another transaction for what comes then, which Alembic does not know of, and nobody commits. Alembic
reports success all the same, so the version rows are looked at again, once env.py is done.
"""

from collections.abc import Iterable

from alembic.runtime.migration import MigrationContext, MigrationStep

from headworks.migrations.environment import run_env
from headworks.migrations.failures import revision_failed
from headworks.migrations.project import Project
from headworks.migrations.reasons import RolledBack
from headworks.postgres.url import DatabaseUrl

__all__ = ["Ended", "ends_transaction"]


def ends_transaction(context: MigrationContext) -> bool:
    """Whether the step that was run last has ended its transaction, by `op.get_bind().commit()`, say."""
    if context._transaction is not None:
        return not context._transaction.is_active
    connection = context.connection
    return (
        context._transaction_per_migration
        and not context._in_external_transaction
        and context.impl.transactional_ddl
        and connection is not None
        and connection.in_transaction()
    )


class Ended:
    """The transactions that were ended in one run of env.py: told of its contexts and steps, asked when it is over."""

    def __init__(self) -> None:
        self._contexts: list[MigrationContext] = []
        self._first: dict[MigrationContext, MigrationStep] = {}
        self._heads: dict[MigrationContext, set[str]] = {}

    def begins(self, context: MigrationContext) -> None:
        """The steps of another context begin: most env.py have one."""
        self._contexts.append(context)

    def after(self, step: MigrationStep, context: MigrationContext) -> None:
        """The step has just been run."""
        if context not in self._first and ends_transaction(context):
            self._first[context] = step

    def last(self, context: MigrationContext) -> None:
        """That was the last step of this context."""
        if context in self._first:
            self._heads[context] = set(context.get_current_heads())

    def check(self, project: Project, url: DatabaseUrl) -> None:
        """Raises `RevisionFailed` for the first step that Alembic ran, and then rolled back without a word."""
        if not self._heads:
            return
        found: list[set[str]] = []

        def look(rows: tuple[str, ...], context: MigrationContext) -> Iterable[MigrationStep]:
            found.append(set(rows))
            return ()

        # As env.py finds its version tables: it may have set a search_path, once for each tenant.
        run_env(project, url, look, dont_mutate=True)
        for context, rows in zip(self._contexts, found, strict=False):
            if self._heads.get(context, rows) != rows:
                error = RolledBack(
                    "it ended the transaction that Alembic runs it in, and what came after was rolled back"
                )
                raise revision_failed(error, self._first[context], project) from error
