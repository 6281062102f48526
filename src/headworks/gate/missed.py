"""Which object a revision misses where what it does not depend on is not there: observed, and not read in its SQL."""

import re
from collections.abc import Collection

from headworks.catalog.reader import read_schema
from headworks.findings import ObjectRef
from headworks.gate.scene import Scene
from headworks.migrations.errors import RevisionFailed
from headworks.migrations.realise import realised
from headworks.migrations.reasons import first_reason
from headworks.postgres.connect import connect
from headworks.schema import Schema

__all__ = ["missed"]

_OF_ROLES = frozenset({"privilege", "default privilege", "owner"})
"""Their names are roles', which are in no database."""


def missed(scene: Scene, error: RevisionFailed, below: Collection[str], needed: str) -> ObjectRef | None:
    """The one object that is there with `needed`, is not with what is `below` alone, and that the error is about.

    `None` where the error names none of them, or several.
    """
    cause = first_reason(error.__cause__ or error)
    said = str(getattr(cause, "orig", None) or cause).partition("\n")[0]
    try:
        lacking = _picture(scene, below)
        there = _picture(scene, {*below, needed})
    except RevisionFailed:  # it runs only after more than it says, too
        return None
    named = [ref for ref in _new(there, lacking) if _is_said(ref, said)]
    parts = [ref for ref in named if ref.table is not None]
    groups = (
        [ref for ref in parts if ref.table in _words(said)],  # column "x" of relation "t"
        [ref for ref in named if ref.table is None],
        parts,  # column "x"
    )
    return next((group[0] for group in groups if len(group) == 1), None)


def _picture(scene: Scene, ids: Collection[str]) -> Schema:
    with realised(scene.project, scene.shadow.url, ids) as url, connect(url, read_only=True) as connection:
        return scene.forget(read_schema(connection))


def _new(there: Schema, lacking: Schema) -> list[ObjectRef]:
    known = {one.ref for one in lacking.objects}
    refs = (one.ref for one in there.objects)
    return [ref for ref in refs if ref not in known and ref.kind not in _OF_ROLES]


def _is_said(ref: ObjectRef, text: str) -> bool:
    if ref.kind in ("function", "procedure", "aggregate"):  # told without quotes, with its arguments
        return ref.name in text
    return ref.name in _words(text) or f"{ref.schema}.{ref.name}" in _words(text)


def _words(text: str) -> list[str]:
    """What the server's message has in quotes; those of languages that have others are told by nothing else."""
    return re.findall(r"[\"\u00ab\u201e\u201c]\s*([^\"\u00bb\u201c\u201d]+?)\s*[\"\u00bb\u201c\u201d]", text)
