"""What the config says of drift: what is left alone, how much a difference matters, what the project declares."""

import difflib
from collections.abc import Iterable, Iterator

import msgspec

from headworks.config import ConfigBroken, DriftSettings, OwnersSettings, Settings
from headworks.findings import Finding, Severity
from headworks.schema import Object, Schema, kinds
from headworks.schema.base import properties
from headworks.schema.patterns import Pattern

__all__ = ["Policy"]


class Policy:
    """The config's words, applied to pictures and findings. Without a config nothing is left alone."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings
        keys = settings.keys if settings is not None else None
        self._drift = keys.drift if keys is not None else DriftSettings()
        owners = keys.owners if keys is not None else OwnersSettings()
        self._patterns = tuple(Pattern.of(text) for text in self._drift.ignore)
        self._others = tuple(Pattern.of(text, kind="relation") for text in (*owners.prisma, *owners.external))
        self._matched: set[str] = set()
        if settings is not None:
            for word in self._drift.severity:
                _check(settings, word)

    def declares(self, what: str) -> bool:
        """Whether the project says `owners`, `privileges` or `settings` itself."""
        return what in self._drift.declares

    def apply(self, picture: Schema) -> Schema:
        """The picture without what the config leaves alone, and without what others own."""
        return picture.without(self._left_alone) if self._patterns or self._others else picture

    def judged(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings with the severity that the config gives them.

        The nearest word wins: `kind.attribute`, then the attribute, the kind, the rule.
        """
        for one in findings:
            kind, attribute = one.object.kind if one.object else "", one.attribute or ""
            words = (f"{kind}.{attribute}", attribute, kind, one.rule, one.rule.removeprefix("drift."))
            said = next((self._drift.severity[word] for word in words if word in self._drift.severity), None)
            if said is None or one.severity is not Severity.ERROR:
                yield one
            elif said != "ignore":
                yield msgspec.structs.replace(one, severity=Severity(said))

    def unused(self) -> Iterator[Finding]:
        """A warning for each `ignore` that matched nothing in the pictures that were seen."""
        for text in self._drift.ignore:
            if text not in self._matched:
                assert self._settings is not None
                file = self._settings.file
                yield Finding(
                    rule="drift.ignore-unused",
                    severity=Severity.WARNING,
                    file=self._settings.name_of(file) if file is not None else None,
                    line=self._settings.line_of("drift", "ignore"),
                    message=f"ignore {text!r} matches nothing here or there",
                    hint="take it out of [tool.headworks.drift] ignore, or correct it",
                )

    def _left_alone(self, item: Object) -> bool:
        found = [one.text for one in self._patterns if one.matches(item)]
        self._matched.update(found)
        return bool(found) or any(one.matches(item) for one in self._others)


def _check(settings: Settings, word: str) -> None:
    """Raise `ConfigBroken` for a word of `severity` that is no rule, kind, attribute or kind.attribute."""
    own = {kind.kind: {*(one.name for one in properties(kind)), "name", "schema"} for kind in kinds()}
    attributes = set().union(*own.values())
    rules = {f"{room}{name}" for name in ("missing", "unexpected", "changed", "orm") for room in ("", "drift.")}
    kind, dot, attribute = word.partition(".")
    if word in rules | own.keys() | attributes or (dot and attribute in own.get(kind, ())):
        return
    close = difflib.get_close_matches(word, sorted(rules | own.keys() | attributes), n=1, cutoff=0.0)
    raise ConfigBroken(
        file=settings.file,
        line=settings.line_of("drift", "severity", word),
        key=f"drift.severity.{word}",
        reason="there is no rule, kind or attribute of this name",
        advice_text=f"did you mean {close[0]}? docs/catalog.md lists the kinds and their attributes",
    )
