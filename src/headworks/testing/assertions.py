"""Assertions about a project's schema; what they find is in the AssertionError, as headworks reports it."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from headworks.errors import HeadworksError
from headworks.testing.place import Place, current

if TYPE_CHECKING:
    from headworks.findings import Outcome

__all__ = ["assert_gate", "assert_no_drift"]

T = TypeVar("T")


def assert_no_drift(
    database: Any,
    against: "str | os.PathLike[str]" = "models",
    *,
    strict: bool = False,
    config: "str | os.PathLike[str] | None" = None,
) -> None:
    """Fail with headworks' report when the database is not what it should be; it is only read.

    `database` is what a fixture gave, or a URL. It is compared with the project's `models` (and its migrations, three
    ways), with its `migrations`, with a snapshot file or with the database of another URL. One that is behind its
    migrations' heads, or claims no revision, fails. With `strict` a warning fails, too. The project is the one around
    pytest's root folder, or of `config`: its folder, or a TOML file.
    """
    __tracebackhide__ = True
    outcome = _run(lambda: _drift(database, str(against), current(config)))
    # To a DBA a database that is behind is no drift; in a test somebody has forgotten to migrate it.
    behind = any(one.rule in ("drift.pending", "drift.unclaimed") for one in outcome.findings)
    if behind or not outcome.ok(strict=strict):
        raise AssertionError(_said(outcome, strict))


def assert_gate(server: Any = None, *, strict: bool = False, config: "str | os.PathLike[str] | None" = None) -> None:
    """Fail with headworks' report when a revision does not go up, down and up again as it should.

    The scratch databases are made on `server` (the fixture `headworks_server`, or a URL), else on one of its own.
    """
    __tracebackhide__ = True
    outcome = _run(lambda: _gate(server, current(config)))
    if not outcome.ok(strict=strict):
        raise AssertionError(_said(outcome, strict))


def _drift(database: Any, against: str, place: Place) -> "Outcome":
    from headworks.drift.reading import both, name_of
    from headworks.postgres.shadow import ShadowChoice, shadow_server
    from headworks.testing.database import Database, place_of

    live = place_of(database)
    settings = place.settings_if_any
    choice = ShadowChoice(pgbin=settings.pgbin if settings is not None else None)
    if isinstance(database, Database):  # its server is there for scratch databases, and has what it needs
        choice = ShadowChoice(url=live.with_database("postgres"))
    if against not in ("models", "migrations"):
        from headworks.drift.direct import drift_against_picture
        from headworks.drift.policy import Policy

        expected, actual = both(against, live)
        return drift_against_picture(
            expected, actual, name_of(against), Policy(settings), lambda major: shadow_server(choice, major=major)
        )
    from headworks.drift.run import drift_against_migrations, drift_against_models

    run = drift_against_models if against == "models" else drift_against_migrations
    with shadow_server(choice, live) as shadow:
        return run(place.project, live, shadow)


def _gate(server: Any, place: Place) -> "Outcome":
    from headworks.gate.run import choose, gate
    from headworks.postgres.shadow import ShadowChoice, shadow_server
    from headworks.testing.database import place_of

    project = place.project
    choice = ShadowChoice(url=place_of(server)) if server is not None else ShadowChoice(pgbin=project.settings.pgbin)
    with shadow_server(choice) as shadow:
        return gate(project, shadow, choose(project, None, None))


def _said(outcome: "Outcome", strict: bool) -> str:
    from headworks.report import render

    return f"headworks found:\n\n{render(outcome, 'text', strict=strict)}"


def _run(call: Callable[[], T]) -> T:
    """The call's result; an error of ours is raised as if here, for what is below are our insides.

    From within a coroutine the call gets a thread: an async env.py starts a loop of its own, and a thread has but one.
    """
    __tracebackhide__ = True
    import asyncio  # here, as pytest need not wait for it at its start

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        found = _tried(call)
    else:
        from headworks.meanwhile import Meanwhile

        # No daemon: at Ctrl-C it still drops its scratch databases.
        found = Meanwhile(lambda: _tried(call), name="headworks-testing", daemon=False).result()
    if isinstance(found, HeadworksError):
        if found.advice:
            found.add_note(f"hint: {found.advice}")
        raise found.with_traceback(None)
    return found


def _tried(call: Callable[[], T]) -> T | HeadworksError:
    try:
        return call()
    except HeadworksError as error:
        return error
