"""Which finding is which, from run to run: for systems that tell new findings from known ones."""

from collections import Counter
from collections.abc import Iterable, Iterator

from headworks.findings import Finding
from headworks.report.tree import is_row

__all__ = ["identities", "place_of", "title_of"]


def identities(findings: Iterable[Finding]) -> Iterator[str]:
    """A text for each, all different: the rule and what it is about, without values, lines and counts, which vary."""
    seen: Counter[str] = Counter()
    for one in findings:
        text = "\0".join((place_of(one), title_of(one), one.file or ""))
        seen[text] += 1
        yield f"{text}\0{seen[text]}"


def title_of(one: Finding) -> str:
    """`drift.changed column public.orders.total: type`"""
    # Of a row the message alone says the key, and before the first colon nothing but that.
    row = one.message.partition(": ")[0].split("\n")[0] if is_row(one) else ""
    what = row or (str(one.object) if one.object is not None else "")
    direction = f"{one.direction} " if one.direction else ""
    text = f"{one.rule} {direction}{what}".rstrip()
    return f"{text}: {one.attribute}" if one.attribute and not row else text


def place_of(one: Finding) -> str:
    """`public.orders`; the revision whose file it is about; empty for the whole database."""
    # What is about the database may name the revision that the database is at: that one changes with every upgrade.
    if one.revision and one.file:
        return one.revision
    if one.object is None:
        return ""
    return ".".join(part for part in (one.object.schema, one.object.table or one.object.name) if part)
