"""What a message says beyond the object, what is the matter with it and the two values, which are all shown apart."""

from collections.abc import Iterable

from headworks.findings import Finding, ObjectRef
from headworks.report.message import values_said
from headworks.report.tree import MARKS, Mark, is_row, mark_of

__all__ = ["common", "remark"]


def remark(one: Finding) -> str:
    """`it is in the models and not in the database`; empty when nothing is left to say."""
    text, mark = one.message, mark_of(one)
    if mark is None or one.object is None or not text.startswith(f"{one.object}"):
        return text
    text = text.removeprefix(f"{one.object}")
    for beginning in (f" is {mark.word}", f": {mark.word}", values_said(one)):
        if beginning and text.startswith(beginning):
            text = text.removeprefix(beginning)
            break
    text = text.lstrip(":,").strip()
    inside = text[1:-1]
    return inside if text == f"({inside})" and "(" not in inside else text


def common(findings: Iterable[Finding]) -> dict[Mark, str]:
    """By mark, the remark on which all its findings agree, where it has several objects: it is said once."""
    said: dict[Mark, set[str]] = {}
    objects: dict[Mark, set[ObjectRef | None]] = {}
    for one in findings:
        if (mark := mark_of(one)) is not None and not is_row(one):
            said.setdefault(mark, set()).add(remark(one))
            objects.setdefault(mark, set()).add(one.object)
    marks = dict.fromkeys(MARKS.values())
    return {mark: said[mark].pop() for mark in marks if len(said.get(mark, ())) == 1 and len(objects[mark]) > 1}
