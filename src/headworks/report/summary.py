"""What an outcome comes to, in a line."""

from headworks.findings import Outcome, Severity
from headworks.report.observed import coverage
from headworks.report.tree import tally
from headworks.words import plural

__all__ = ["facts", "verdict", "word"]


def word(outcome: Outcome, *, strict: bool = False) -> str:
    """`ok` or `failed`."""
    return "ok" if outcome.ok(strict=strict) else "failed"


def verdict(outcome: Outcome, *, strict: bool = False) -> str:
    """`drift: ok (26 tables, 0.8 s)`, or `failed`, how many findings of each severity and what is the matter."""
    counts = [(severity, outcome.count(severity)) for severity in Severity]
    said = "".join(f", {plural(count, str(severity))}" for severity, count in counts if count)
    matter = f": {found}" if (found := str(tally(outcome.findings))) else ""
    known = facts(outcome)
    return f"{outcome.command}: {word(outcome, strict=strict)}{said}{matter}" + (
        f" ({', '.join(known)})" if known else ""
    )


def facts(outcome: Outcome) -> list[str]:
    """The stats in words: `26 tables`, `data in 34 of 34 tables`, `PostgreSQL 18`, `0.8 s`."""
    numbers = {key: value for key, value in outcome.stats.items() if type(value) is int and key != "postgresql"}
    # A key is a plural, and may be two words: `foreign_keys`.
    said = [plural(value, key.removesuffix("s"), key).replace("_", " ") for key, value in numbers.items()]
    said += [data.said] if (data := coverage(outcome)) else []
    said += [f"PostgreSQL {outcome.stats['postgresql']}"] if "postgresql" in outcome.stats else []
    return said + ([f"{outcome.stats['seconds']:.1f} s"] if "seconds" in outcome.stats else [])
