"""`headworks revision`"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from headworks.cli import options
from headworks.cli.hints import pasteable
from headworks.cli.session import Session
from headworks.cli.terminal import note, out, plural
from headworks.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import MetaData


class DomainNotNamed(UsageError):
    """this history has {count} domains ({known}); say which one the revision is for"""

    hint = 'headworks revision --domain {first} {options}-m "..."'


class NotAtHead(UsageError):
    """autogenerate compares the models with the database, which has not run {count}"""

    hint = "headworks upgrade"


@options.command()
@click.option("--message", "-m", required=True, metavar="TEXT", help="What it does.")
@options.domain
@click.option("--autogenerate", is_flag=True, help="Fill it with what tells the models from the database.")
@click.option("--new-domain", is_flag=True, help="Begin a domain (a branch of that label).")
@click.option("--depends-on", multiple=True, metavar="REVISION", help="What it needs from other domains.")
@options.url
@options.config
@options.quiet
@options.debug
def revision(
    message: str,
    domain: str | None,
    autogenerate: bool,
    new_domain: bool,
    depends_on: tuple[str, ...],
    url: str | None,
    config: Path | None,
) -> int:
    """Add a revision to a domain: named by the policy (`[tool.headworks.revision] id`), placed beside its others.

    With --autogenerate it is Alembic's, of the models that drift looks at against the database, kept to the tables of
    the domain.
    """
    from headworks.migrations.status import read_status
    from headworks.migrations.writing import write_revision

    session = Session(config, url)
    project = session.project
    known = project.history.domains
    if domain is None and len(known) > 1:
        # One that goes on: the base of several branches, which is a domain of its own, does not.
        below = {down for one in project.history.revisions for down in one.down}
        open_ended = [one for one in known if not below.issuperset(project.history.heads(one))]
        raise DomainNotNamed(
            count=len(known),
            known=", ".join(known),
            first=open_ended[0],
            options="--autogenerate " if autogenerate else "",
        )
    chosen = domain or (known[0] if known else "default")
    domain_of = None
    metadata: tuple[MetaData, ...] = ()
    if autogenerate:
        pending = sum(len(state.pending) for state in read_status(project, session.url))
        if pending:
            raise NotAtHead(count=plural(pending, "revision"))
        from headworks.drift.models import metadata_of
        from headworks.migrations.domains import declared_domains
        from headworks.migrations.environment import look

        metadata = metadata_of(project, look(project, session.url))
        domains = declared_domains(metadata)
        domain_of = lambda schema, table: domains.get((schema or "public", table))  # noqa: E731
    path = write_revision(
        project,
        domain=chosen,
        message=message,
        url=session.url if autogenerate else None,
        metadata=metadata if project.settings.keys.metadata else (),
        domain_of=domain_of,
        new_domain=new_domain,
        depends_on=list(depends_on),
    )
    out(session.settings.name_of(path))
    if not autogenerate:
        note(pasteable("an empty revision: write its upgrade() and downgrade(), then run headworks gate"))
    return 0
