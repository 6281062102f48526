"""What the gate says of the history as a whole: one head a domain, models = heads, each domain alone."""

from collections.abc import Iterator

import msgspec

from headworks.declared import MetadataMissing
from headworks.drift.compare import compare
from headworks.drift.filters import Filter
from headworks.drift.sources import metadata_of, picture_of_models
from headworks.findings import Finding, Severity
from headworks.migrations.environment import Configured
from headworks.migrations.errors import RevisionFailed
from headworks.migrations.history import History
from headworks.migrations.project import Project
from headworks.migrations.realise import realised
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema

__all__ = ["branches_alone", "models_against", "several_heads"]


def several_heads(history: History) -> Iterator[Finding]:
    """`gate.heads`: a domain must have one head."""
    for domain in history.domains:
        heads = history.heads(domain)
        if len(heads) > 1:
            last = history.by_id[heads[-1]]
            named = ", ".join(f"{head} ({history.by_id[head].file})" for head in heads)
            yield Finding(
                rule="gate.heads",
                revision=last.id,
                file=last.file,
                line=1,
                message=f"domain {domain} has {len(heads)} heads: {named}",
                hint=f'headworks merge --domain {domain} -m "merge heads"',
            )


def models_against(project: Project, server: DatabaseUrl, configured: Configured, heads: Schema) -> tuple[Finding, ...]:
    """`gate.models-differ`: the models, realised, against the picture at the heads."""
    try:
        metadata = metadata_of(project, configured)
    except MetadataMissing as error:
        note = Finding(rule="gate.models-differ", severity=Severity.NOTE, message=str(error), hint=error.advice)
        return (note,)
    only = Filter(configured, metadata)
    models = picture_of_models(metadata, server, heads)
    schemas = only.schemas(models, heads)
    found = compare(only.apply(models, schemas), only.apply(heads, schemas), source="the models", partial=True)
    return tuple(
        msgspec.structs.replace(
            one,
            rule="gate.models-differ",
            message=one.message.replace("the database", "the migrations").replace(" live ", " migrated "),
            hint=one.hint
            if one.severity is Severity.NOTE
            else 'headworks revision --autogenerate -m "..." --domain DOMAIN',
        )
        for one in found
    )


def branches_alone(project: Project, server: DatabaseUrl) -> Iterator[Finding]:
    """`gate.dependency`: each domain must run with nothing but the revisions that it says it needs."""
    history = project.history
    if len(history.domains) < 2:
        return
    for domain in history.domains:
        try:
            with realised(project, server, history.heads(domain)):
                pass
        except RevisionFailed as error:
            revision = history.by_id[error.revision]
            yield Finding(
                rule="gate.dependency",
                revision=revision.id,
                direction="upgrade",
                file=revision.file,
                line=error.fields.get("line"),
                message=f"{revision.id} needs a revision that domain {domain} does not depend on: {error.reason}",
                hint="name the revision that makes it in depends_on",
            )
