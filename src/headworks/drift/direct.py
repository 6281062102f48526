"""A snapshot, or another database, beside the live one: no project, no SQLAlchemy."""

import contextlib
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from headworks.drift.compare import differences, drift_finding
from headworks.drift.pictures import without_version_tables
from headworks.drift.policy import Policy
from headworks.drift.scope import of_picture
from headworks.findings import Finding, Outcome, Severity
from headworks.postgres.shadow import Shadow
from headworks.postgres.url import DatabaseUrl
from headworks.schema import Schema, Table

__all__ = ["drift_against_picture", "outcome_of"]


def drift_against_picture(
    expected: Schema,
    actual: Schema,
    name: str,
    policy: Policy | None = None,
    shadow: Callable[[int], AbstractContextManager[Shadow]] | None = None,
) -> Outcome:
    """Every schema that is not the system's; `name` is the expected side's, in messages.

    A `shadow` of the newer major is entered when the two are of majors that print views differently.
    """
    began = time.monotonic()
    policy = policy or Policy()
    expected, actual = (policy.apply(without_version_tables(one)) for one in (expected, actual))
    findings = [
        Finding(rule="drift.unseen", severity=Severity.NOTE, message=f"{text} ({name})") for text in expected.unseen
    ]
    if shadow is not None and expected.server_major != actual.server_major:
        from headworks.drift.reprint import not_printed, printed_alike, printer

        with contextlib.ExitStack() as stack:
            older, newer = sorted((expected.server_major, actual.server_major))
            servers: list[DatabaseUrl | None] = []

            def server() -> DatabaseUrl | None:
                servers.append(printer(stack.enter_context(shadow(newer))))
                return servers[-1]

            expected, actual, left = printed_alike(expected, actual, server)
        hint = f"restore the database of PostgreSQL {older} on a server of {newer}, and compare that one"
        if servers == [None]:
            hint = f"name a server of PostgreSQL {newer} for scratch databases: --shadow-url URL"
        findings += not_printed(left, hint)
    scope, found = of_picture(expected, policy), differences(expected, actual)
    findings += [drift_finding(one, name, "the database") for one in found if scope.covers(one)]
    findings += scope.notes(found)
    return outcome_of(findings, actual, policy, began)


def outcome_of(findings: Iterable[Finding], actual: Schema, policy: Policy, began: float) -> Outcome:
    """The findings as the config judges them, and the figures that every report of drift ends in."""
    unseen = [Finding(rule="drift.unseen", severity=Severity.NOTE, message=text) for text in actual.unseen]
    return Outcome.of(
        "drift",
        [*unseen, *policy.judged(findings), *policy.unused()],
        tables=actual.count(Table),
        objects=len(actual),
        postgresql=actual.server_major,
        seconds=round(time.monotonic() - began, 3),
    )
