"""`gate.incompatible`: what the release before says to its tables must still be taken at the new heads.

A statement is judged only when it works where it should: at the old heads for the old models. It is then tried at the
new heads, on the same rows, upgraded. Where the config says that code goes first, the new models are tried at the old
heads likewise. What fails is tried again after each revision, to name the one that broke it; and those that broke it as
well, for another reason, which what a later revision broke would hide.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import MetaData

from headworks.errors import HeadworksError
from headworks.findings import Finding, ObjectRef, Severity
from headworks.gate.compat.release import Release, release_before
from headworks.gate.compat.rows import fill_empty
from headworks.gate.compat.statements import TableStatements, statements_of
from headworks.gate.compat.trial import NO_SUCH_COLUMN, Refusal, Trial, outcomes, working
from headworks.gate.scene import Scene
from headworks.gate.since import Since
from headworks.gate.source import RevisionSource
from headworks.migrations.history import Revision
from headworks.migrations.realise import run_plan
from headworks.postgres.databases import scratch_database
from headworks.postgres.url import DatabaseUrl
from headworks.words import plural

__all__ = ["Compat", "compatible"]

_RULE = "gate.incompatible"
_NAMED = 4
_HINTS = {
    "23502": "give the column a server default, or set NOT NULL one release after the models fill it",
    "23514": "add the check one release after the models obey it",
    NO_SUCH_COLUMN: "drop or rename it one release after the models stop using it",
    "42P01": "drop or rename it one release after the models stop using it",
    "42804": "add a column of the new type, write both, and drop the old one a release later",
}
_OTHERWISE = "split it: what is new now, and what takes away a release later"


class Compat(msgspec.Struct, frozen=True):
    """What was found, and the mapping of `details["compat"]`."""

    findings: tuple[Finding, ...]
    details: dict[str, Any]


def compatible(scene: Scene, since: Since, models: tuple[MetaData, ...] | None) -> Compat:
    """Try the release before on the new heads; `models`, the new ones, on the old heads when code goes first.

    Raises `ReleaseBroken` when the old code cannot be looked at.
    """
    return _Check(scene, since, models).run()


class _Broken(msgspec.Struct, frozen=True):
    """What fails on a table (`words`: SELECT, INSERT, UPDATE), why, and the revision that made it so, if one did."""

    table: TableStatements
    words: str
    refusal: Refusal
    revision: Revision | None


class _Check:
    def __init__(self, scene: Scene, since: Since, models: tuple[MetaData, ...] | None) -> None:
        self._scene = scene
        self._since = since
        self._models = models
        self._server = scene.shadow.url
        self._project = scene.project
        self._name = f"{since.ref} ({since.commit[:10]})"
        self._details: dict[str, Any] = {"ref": since.ref, "commit": since.commit}

    def run(self) -> Compat:
        code_first = self._project.settings.keys.gate.deploy == "code-first"
        if not self._since.revisions and not code_first:
            return Compat((), self._details | {"revisions": []})
        with contextlib.ExitStack() as stack:
            old = stack.enter_context(scratch_database(self._server))
            self._scene.tell(1, 3, f"compat: the release before, {self._name}")
            live = self._scene.shadow.live
            release = release_before(self._project, self._since, self._server, old, live.collations)
            if release.lacking:
                return self._nothing(f"of {self._name} nothing was tried: {release.lacking}")
            new = [one for one in self._project.history.revisions if one.id not in release.revisions]
            self._details["revisions"] = [one.id for one in new]
            findings = self._both(stack, old, release, new)
        return Compat(tuple(findings), self._details)

    def _both(
        self, stack: contextlib.ExitStack, old: DatabaseUrl, release: Release, new: Sequence[Revision]
    ) -> list[Finding]:
        filled = stack.enter_context(scratch_database(self._server, template=old.database))
        if unfilled := fill_empty(filled, self._scene.configured):
            self._details["unfilled"] = [{"table": table, "reason": why} for table, why in unfilled.items()]
        self._scene.tell(2, 3, "compat: the new heads")
        notes: list[Finding] = []
        try:
            upgraded = self._upgraded(stack, filled, new)
        except HeadworksError as error:
            try:
                # Rows are in its way, which is another check's finding; the schema can still be looked at.
                filled, upgraded = old, self._upgraded(stack, old, new)
                notes.append(_note(f"no rows were tried at the new heads: {error}"))
            except HeadworksError as again:
                return list(self._nothing(f"nothing was tried at the new heads: {again}").findings)
        self._scene.tell(3, 3, "compat: statements")
        findings = self._tried("release", release.tables, filled, upgraded, filled, new)
        if self._project.settings.keys.gate.deploy == "code-first":
            if self._models is None:
                notes.append(_note("there are no models to try at the old heads"))
            else:
                fill_empty(upgraded, self._scene.configured)  # tables that are new have no rows yet
                tables = statements_of(self._models, self._project.driver)
                findings += self._tried("models", tables, upgraded, filled, filled, new)
        return findings + notes

    def _tried(
        self,
        which: str,
        tables: Iterable[TableStatements],
        home: DatabaseUrl,
        abroad: DatabaseUrl,
        start: DatabaseUrl,
        new: Sequence[Revision],
    ) -> list[Finding]:
        """What works in the database `home` and not in `abroad`; from `start` on, `new` leads to the new heads."""
        known = tuple(tables)
        trials, untold = working(home, known)
        failing = [(trial, said) for trial, said in zip(trials, outcomes(abroad, trials), strict=True) if said]
        broken = _first_of_each(self._located(failing, start, new, ends_well=which == "models"))
        self._details[which] = _figures(known, trials, untold)
        findings = [self._finding(one, which) for one in _joined(broken)]
        # Rows that nobody may change, by a trigger say, are none that the application changes.
        if told := {key: why for key, why in untold.items() if key[1] != "UPDATE"}:
            findings.append(_untold(told, self._name if which == "release" else "the models"))
        return findings

    def _located(
        self, failing: Sequence[tuple[Trial, Refusal]], start: DatabaseUrl, new: Sequence[Revision], *, ends_well: bool
    ) -> Iterator[_Broken]:
        """Each reason why they fail, with the revision after which they began to, or after which they do no longer.

        `ends_well`: they fail at the start of the way and work at its end, not the other way round.
        """
        found: list[list[tuple[Refusal, Revision]]] = [[] for _ in failing]
        through = False
        if failing and len(new) > 1:
            with scratch_database(self._server, template=start.database) as url, contextlib.suppress(HeadworksError):
                before = [refusal if ends_well else None for _, refusal in failing]
                for revision in new:
                    run_plan(self._project, url, (revision,), "upgrade")
                    now = outcomes(url, [trial for trial, _ in failing])
                    for so_far, was, is_now in zip(found, before, now, strict=True):
                        if is_now is None and not ends_well:
                            so_far.clear()  # what is mended on the way breaks nobody at its end
                        gone, come = (was, is_now) if ends_well else (is_now, was)
                        so_far += ((one, revision) for one in _beyond(gone, come, so_far))
                    before = now
                through = True
        only = new[0] if len(new) == 1 else None
        for (trial, refusal), so_far in zip(failing, found, strict=True):
            for one, revision in so_far:
                yield _Broken(trial.table, trial.word, one, revision)
            if not so_far or not (through or refusal.reason in {one.reason for one, _ in so_far}):
                yield _Broken(trial.table, trial.word, refusal, only)

    def _upgraded(self, stack: contextlib.ExitStack, start: DatabaseUrl, new: Sequence[Revision]) -> DatabaseUrl:
        """A copy of `start` in which `new` has been run: in one go, or one by one where that does not work."""
        url = stack.enter_context(scratch_database(self._server, template=start.database))
        if not new:
            return url
        try:
            run_plan(self._project, url, tuple(new), "upgrade")
        except HeadworksError:
            url = stack.enter_context(scratch_database(self._server, template=start.database))
            for revision in new:
                run_plan(self._project, url, (revision,), "upgrade")
        return url

    def _finding(self, broken: _Broken, which: str) -> Finding:
        table, refusal, revision = broken.table, broken.refusal, broken.revision
        if which == "release":
            when = f"once {revision.id} has run" if revision else "at the new heads"
            text = f"{broken.words} on {table}, by the models of {self._name}, fails {when}: {refusal.message}"
            hint = _HINTS.get(refusal.state, _OTHERWISE)
        else:
            when = f"until {revision.id} has run" if revision else "at the old heads"
            text = f"{broken.words} on {table}, by the models, fails {when}, and code goes first: {refusal.message}"
            hint = 'deploy the schema first ([tool.headworks.gate] deploy = "schema-first"), and the models after it'
        schema = table.schema or "public"
        ref = ObjectRef(kind="table", schema=schema, name=table.name)
        if refusal.column:
            ref = ObjectRef(kind="column", schema=schema, table=table.name, name=refusal.column)
        return Finding(
            rule=_RULE,
            object=ref,
            revision=revision.id if revision else None,
            direction="upgrade",
            file=revision.file if revision else None,
            line=RevisionSource(revision).line_of("upgrade") if revision else None,
            message=text,
            hint=hint,
        )

    def _nothing(self, text: str) -> Compat:
        return Compat((_note(text),), self._details)


def _beyond(one: Refusal | None, other: Refusal | None, known: Iterable[tuple[Refusal, Revision]]) -> list[Refusal]:
    """The first reason of one that the other has not, and that is not known; none where there is none."""
    told = {refusal.reason for refusal, _ in known} | {each.reason for each in (other.each if other else ())}
    return [each for each in (one.each if one else ()) if each.reason not in told][:1]


def _first_of_each(broken: Iterable[_Broken]) -> list[_Broken]:
    """One of many rows that fail alike."""
    found: dict[tuple[str, str, tuple[str, str | None], str | None], _Broken] = {}
    for one in broken:
        revision = one.revision.id if one.revision else None
        found.setdefault((str(one.table), one.words, one.refusal.reason, revision), one)
    return list(found.values())


def _joined(broken: Iterable[_Broken]) -> list[_Broken]:
    """Statements of several kinds that fail for the same reason, as one; and all columns that go at once, by the first.

    Of these an UPDATE names each, and a SELECT the first.
    """
    found: dict[tuple[str, str, str | None, str | None], list[_Broken]] = {}
    for one in broken:
        revision = one.revision.id if one.revision else None
        column = one.refusal.column if one.refusal.state != NO_SUCH_COLUMN else None
        found.setdefault((str(one.table), one.refusal.state, column, revision), []).append(one)
    return [
        msgspec.structs.replace(some[0], words=_listed(list(dict.fromkeys(one.words for one in some))))
        for some in found.values()
    ]


def _listed(words: Sequence[str]) -> str:
    """`SELECT, INSERT and UPDATE`"""
    return f"{', '.join(words[:-1])} and {words[-1]}" if words[1:] else words[0]


def _figures(
    tables: Sequence[TableStatements], trials: Sequence[Trial], untold: dict[tuple[str, str], str]
) -> dict[str, Any]:
    def count(fits: Callable[[Trial], bool]) -> int:
        return len({str(one.table) for one in trials if fits(one)})

    return {
        "tables": len(tables),
        "selected": count(lambda one: one.word == "SELECT"),
        "inserted": count(lambda one: one.insert is not None and one.row is not None),
        "updated": count(lambda one: one.update is not None),
        "planned": count(lambda one: one.insert is not None and one.row is None),
        "untried": [{"table": table, "statement": word, "reason": reason} for (table, word), reason in untold.items()],
    }


def _untold(untold: dict[tuple[str, str], str], whose: str) -> Finding:
    tables = list(dict.fromkeys(table for table, _ in untold))
    named = "; ".join(f"{word} on {table}: {reason}" for (table, word), reason in list(untold.items())[:_NAMED])
    more = f"; and {len(untold) - _NAMED} more" if len(untold) > _NAMED else ""
    text = (
        f"{whose}: statements on {plural(len(tables), 'table')} could not be tried, as they fail where they should work"
    )
    return _note(f"{text}: {named}{more}")


def _note(text: str) -> Finding:
    return Finding(rule=_RULE, severity=Severity.NOTE, message=text)
