"""`headworks owners --prisma`: what its options do, apart from the command, which has other ones as well."""

from pathlib import Path

from headworks.cli.pictures import check_source, picture_from
from headworks.cli.reporting import finish
from headworks.cli.session import Session
from headworks.cli.terminal import note

__all__ = ["beside_prisma"]


def beside_prisma(
    session: Session,
    *,
    schema: Path | None,
    source: str,
    writing: bool,
    shadow_url: str | None,
    output_format: str,
    output: Path | None,
    strict: bool,
) -> int:
    """Where the Prisma schema and the database disagree; with `writing` it is brought up to date first."""
    from headworks.owners.prisma.check import Against, check, write
    from headworks.owners.prisma.files import place_of, program_beside
    from headworks.owners.prisma.owned import owned_by_prisma
    from headworks.postgres.shadow import shadow_server

    check_source(source, "headworks owners --prisma --source live")
    settings = session.settings_if_any
    place = schema or place_of(settings)
    name = settings.name_of(place) if settings is not None else str(place)
    if schema is None and (program := program_beside(settings)) is not None:
        note(f"{program} is not read: if it names another schema than {name}, say so in [tool.headworks.owners] schema")
    picture = picture_from(session, source, shadow_url)
    live = source == "live"
    url = session.url if live else session.named_url
    named = dict(url.extra).get("schema") if url is not None else None  # Prisma's own parameter, `?schema=app`
    with shadow_server(session.shadow(shadow_url), url if live else None) as shadow:
        against = Against(picture=picture, shadow=shadow, owned=owned_by_prisma(settings), live=live, schema=named)
        if writing:
            outcome, changed = write(place, against, name=name)
            for one in changed:
                note(f"{one}: written")
            if not changed and not any(one.rule == "owners.prisma-syntax" for one in outcome.findings):
                note(f"{name}: nothing to write")
        else:
            outcome = check(place, against, name=name)
    return finish(outcome, output_format, output, strict=strict)
