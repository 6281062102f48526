"""Each case folder: what is said of file and database, what --write makes of it, and that nothing is left then.

HEADWORKS_WRITE_CASES=1 writes what is expected anew, to be read before it is committed.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from headworks.findings import Severity
from headworks.owners.prisma.check import Against, check, write
from headworks.postgres.shadow import Shadow
from helpers import executed, picture
from prisma_cases import CASES, case_names, owned_in, said


@pytest.mark.parametrize("name", case_names())
def test_case(name: str, make_database: Callable[..., str], shadow: Shadow, tmp_path: Path) -> None:
    folder = CASES / name
    url = make_database()
    executed(url, (folder / "a.sql").read_text(encoding="utf-8"))
    database, owned = picture(url), owned_in(folder)
    file = tmp_path / "schema.prisma"
    shutil.copy(folder / "schema.prisma", file)

    found = said(check(file, Against(picture=database, shadow=shadow, owned=owned, live=True), name="schema.prisma"))
    before = file.read_text(encoding="utf-8")
    outcome, written = write(
        file, Against(picture=database, shadow=shadow, owned=owned, live=True), name="schema.prisma"
    )
    text = file.read_text(encoding="utf-8")
    _expect(folder / "expected.txt", found)
    _expect(folder / "written.prisma", text if written else None)
    assert bool(written) == (text != before)

    again, written = write(file, Against(picture=database, shadow=shadow, owned=owned, live=True), name="schema.prisma")
    assert not written
    assert said(again) == said(outcome)
    # What is left is for a person: a table that is Prisma's or is not there, a line that PostgreSQL refuses.
    for one in outcome.findings:
        assert (
            one.object is None
            or one.severity is Severity.NOTE
            or one.object.kind in ("table", "enum")
            or (one.object.table or "").startswith("_")  # of a relation with a list on both sides
            or _owned(one, owned)
        )


def _owned(one: object, owned: Callable[[str, str], bool]) -> bool:
    ref = one.object  # type: ignore[attr-defined]
    return owned(ref.schema, ref.table or ref.name)


def _expect(file: Path, text: str | None) -> None:
    if os.environ.get("HEADWORKS_WRITE_CASES"):
        file.unlink(missing_ok=True)
        if text:
            file.write_text(text, encoding="utf-8")
    assert (text or "") == (file.read_text(encoding="utf-8") if file.exists() else "")
