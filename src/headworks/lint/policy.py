"""What the config says of rules: how much each matters, and where it is left alone."""

import difflib
from collections.abc import Callable, Collection, Iterator

from headworks.config import ConfigBroken, LintSettings, Settings
from headworks.findings import Finding, Severity
from headworks.lint.known import all_rules
from headworks.lint.patterns import matches
from headworks.lint.rule import LintRule, Violation

__all__ = ["SQUAWK", "Standards"]

SQUAWK = "squawk-"
"""What the names of squawk's rules begin with here."""


class Standards:
    """The config's `[tool.headworks.lint]`, applied. Raises `ConfigBroken` for a rule that there is not."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings
        self.keys = settings.keys.lint if settings is not None else LintSettings()
        self._used: set[tuple[int, str]] = set()
        names = {one.name for one in all_rules()}
        for name in self.keys.rules:
            if not name.startswith(SQUAWK):
                self._check(name, names, "rules", name)
        for number, one in enumerate(self.keys.ignore):
            self._check(one.rule, names, "ignore", "rule", nth=number)

    def severity(self, rule: LintRule) -> Severity | None:
        """What a violation of the rule is; `None` where it is off."""
        return self.named(rule.name, rule.severity)

    def named(self, name: str, otherwise: Severity | None) -> Severity | None:
        """The same by the rule's name."""
        said = self.keys.rules.get(name)
        if said is None:
            return otherwise
        return None if said == "off" else Severity(said)

    def ignored(self, rule: LintRule, violation: Violation) -> bool:
        """Whether the config leaves this one alone."""
        found = [
            (number, pattern)
            for number, one in enumerate(self.keys.ignore)
            if one.rule == rule.name
            for pattern in one.tables
            if matches(violation.object, pattern)
        ]
        self._used.update(found)
        return bool(found)

    def unused(self) -> Iterator[Finding]:
        """A warning for each pattern of `ignore` that hid nothing in this run."""
        for number, one in enumerate(self.keys.ignore):
            for pattern in one.tables:
                if (number, pattern) not in self._used:
                    assert self._settings is not None
                    file = self._settings.file
                    yield Finding(
                        rule="lint.unused-ignore",
                        severity=Severity.WARNING,
                        file=self._settings.name_of(file) if file is not None else None,
                        line=self._settings.line_of("lint", "ignore", nth=number),
                        message=f"ignore of {one.rule} for {pattern!r} hides nothing",
                        hint="take it out of [[tool.headworks.lint.ignore]], or correct it",
                    )

    def check_squawk(self, unknown: Callable[[Collection[str]], str | None]) -> None:
        """Ask squawk which of its rules that the config names there is not. Raises `ConfigBroken` for that one."""
        named = {one.removeprefix(SQUAWK): one for one in self.keys.rules if one.startswith(SQUAWK)}
        if named and (found := unknown(named)) is not None:
            reason, advice = f"squawk has no rule {found!r}", "https://squawkhq.com/docs/rules lists them"
            raise self._broken(reason, advice, "rules", named.get(found, found))

    def _check(self, name: str, known: set[str], *where: str, nth: int = 0) -> None:
        if name in known:
            return
        if name.startswith(SQUAWK):
            reason = "squawk's rules are about revisions, not tables"
            advice = f"allow it in the revision's file: # headworks: allow lint.{name} - the reason"
            raise self._broken(reason, f'{advice}; or everywhere: {name} = "off" in lint.rules', *where, nth=nth)
        close = difflib.get_close_matches(name, sorted(known), n=1)
        meant = f"did you mean {close[0]}? " if close else ""
        raise self._broken(
            f"there is no rule {name!r}", f"{meant}headworks lint --list shows them all", *where, nth=nth
        )

    def _broken(self, reason: str, advice: str, *where: str, nth: int = 0) -> ConfigBroken:
        assert self._settings is not None
        return ConfigBroken(
            file=self._settings.file,
            line=self._settings.line_of("lint", *where, nth=nth),
            key=".".join(("lint", *where)),
            reason=reason,
            advice_text=advice,
        )
