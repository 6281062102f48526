"""Prisma itself as a witness: its parser, its formatter, the SQL that it writes, and what it reads from a database.

All of it is wasm from npm and needs no network:
`npm install @prisma/prisma-schema-wasm @prisma/schema-engine-wasm @prisma/adapter-pg`.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from headworks.findings import Severity
from headworks.owners.prisma.check import Against, check
from headworks.owners.prisma.meaning import understand
from headworks.owners.prisma.parser import parse
from headworks.owners.prisma.scratch import scratch
from headworks.postgres.shadow import Shadow
from headworks.schema import Schema, diff
from helpers import executed, picture
from prisma_cases import CASES, case_names, said

ROOT = Path(__file__).parents[2]
OWN = ROOT / "prisma" / "schema.prisma"
Prisma = Callable[..., list[dict[str, str]]]
OF_PRISMA = ("schema", "table", "column", "constraint", "index")
# Prisma has other schemas named in the file first, leaves out a value like '1', does not see text_pattern_ops, and asks
# nothing of what the foreign keys of lists on both sides do.
PULLED = [one for one in case_names() if one not in ("schemas", "enum", "keys", "join", "join_owned")]
EMPTY = 'datasource db {\n  provider = "postgresql"\n}\n'


@pytest.fixture(scope="module")
def prisma() -> Prisma:
    """Ask Prisma several things at once; an answer has `ok` or `error`."""
    node, modules = shutil.which("node"), os.environ.get("HEADWORKS_PRISMA_MODULES")
    if not node or not modules:
        pytest.skip(
            "needs node, and HEADWORKS_PRISMA_MODULES=.../node_modules with @prisma/prisma-schema-wasm,"
            " @prisma/schema-engine-wasm and @prisma/adapter-pg in it"
        )
    script = Path(__file__).with_name("prisma_engine.mjs")

    def ask(*requests: dict[str, Any]) -> list[dict[str, str]]:
        words = [node, str(script), str(Path(modules).resolve())]
        done = subprocess.run(words, input=json.dumps(requests), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found: list[dict[str, str]] = json.loads(done.stdout)
        return found

    return ask


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def agreeing() -> list[Path]:
    """The files of the cases that agree with their database, and this repository's own."""
    cases = [CASES / name for name in case_names() if name not in ("invalid", "no_table", "primary_key")]
    return [OWN, *(file for one in cases if (file := _agreeing(one)) is not None)]


def _agreeing(folder: Path) -> Path | None:
    if (folder / "written.prisma").exists():
        return folder / "written.prisma"
    return None if (folder / "expected.txt").exists() else folder / "schema.prisma"


def test_prisma_reads_what_agrees(prisma: Prisma) -> None:
    files = agreeing()
    assert len(files) > 12
    answers = prisma(*({"do": "validate", "schema": read(file)} for file in files))
    wrong = {file.parent.name: one["error"] for file, one in zip(files, answers, strict=True) if "error" in one}
    assert not wrong


def test_what_is_written_is_formatted(prisma: Prisma) -> None:
    """Where the file was formatted before, it is so after `--write`."""
    cases = [CASES / name for name in case_names() if (CASES / name / "written.prisma").exists()]
    texts = [read(one / name) for one in cases for name in ("schema.prisma", "written.prisma")]
    answers = [one["ok"] for one in prisma(*({"do": "format", "schema": text} for text in texts))]
    was = {one.name: answers[2 * at] == texts[2 * at] for at, one in enumerate(cases)}
    assert sum(was.values()) > 5
    for at, one in enumerate(cases):
        if was[one.name]:
            assert answers[2 * at + 1] == texts[2 * at + 1], one.name
    assert prisma({"do": "format", "schema": read(OWN)})[0]["ok"] == read(OWN)


def test_prisma_refuses_what_cannot_be_read(prisma: Prisma) -> None:
    lines = ["a", "a Int @", "a Int @default(", 'a String @map("x', "a Int @id @@map", "a Int? []", "= 1", "a Int @id)"]
    texts = [f"{EMPTY}model M {{\n  id Int @id\n  {line}\n}}\n" for line in lines]
    texts += [f"{EMPTY}thing M {{\n}}\n", f"{EMPTY}model M {{\n  id Int @id\n", f"{EMPTY}enum {{\n}}\n"]
    answers = prisma(*({"do": "validate", "schema": text} for text in texts))
    for text, answer in zip(texts, answers, strict=True):
        assert "error" in answer, text
        assert parse(text)[1], text


def test_the_same_database_is_made(prisma: Prisma, make_database: Callable[..., str], shadow: Shadow) -> None:
    """What we make of a file is what Prisma Migrate makes of it, to the last property and name."""
    files = [file for file in agreeing() if file.parent.name not in ("same_keys", "same_native")]
    texts = [read(file) for file in files]
    answers = prisma(*({"do": "sql", "schema": text, "url": shadow.url.libpq()} for text in texts))
    compared = 0
    for file, text, answer in zip(files, texts, answers, strict=True):
        assert "ok" in answer, (file, answer)
        beside = Schema()
        if (file.parent / "a.sql").exists():
            live = make_database()
            executed(live, read(file.parent / "a.sql"))
            beside = picture(live)
        with scratch(shadow.url) as database:
            made, problems = database.realise(understand(parse(text)[0]), beside)
        theirs = make_database()
        try:
            executed(theirs, answer["ok"])
        except psycopg.Error:  # it names a function or type of the database, which Prisma does not make
            assert "dbgenerated" in text or "Unsupported" in text
            continue
        assert not problems
        # The stand-ins of functions and types that the file names are not Prisma's to make.
        changes = [one for one in diff(picture(theirs), made) if one.object.kind in OF_PRISMA]
        assert not changes, file
        compared += 1
    assert compared > 8


@pytest.mark.parametrize("name", PULLED)
def test_what_prisma_pulls_is_clean(
    name: str, prisma: Prisma, make_database: Callable[..., str], shadow: Shadow, tmp_path: Path
) -> None:
    url = make_database()
    executed(url, read(CASES / name / "a.sql"))
    assert _said_of_pulled(prisma, url, shadow, tmp_path) == ""


def test_what_prisma_pulls_of_commerce_is_clean(
    prisma: Prisma, commerce_database: str, shadow: Shadow, tmp_path: Path
) -> None:
    assert _said_of_pulled(prisma, commerce_database, shadow, tmp_path) == ""
    assert read(tmp_path / "schema.prisma").count("\nmodel ") > 30


def _said_of_pulled(prisma: Prisma, url: str, shadow: Shadow, folder: Path) -> str:
    answer = prisma({"do": "pull", "schema": EMPTY, "url": url})[0]
    if "introspected database was empty" in answer.get("error", ""):
        return ""
    file = folder / "schema.prisma"
    file.write_text(answer["ok"], encoding="utf-8")
    outcome = check(file, Against(picture=picture(url), shadow=shadow, owned=lambda schema, name: False, live=True))
    assert outcome.count(Severity.ERROR) == len(outcome.findings)
    return said(outcome)
