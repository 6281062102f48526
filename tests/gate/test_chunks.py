"""A long history is walked by several processes side by side; what they find is what one alone would."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from headworks.gate import chunks
from headworks.gate.chunks import sizes
from headworks.gate.order import Order, frame, framed
from headworks.gate.passed import passed, taken
from headworks.gate.walked import Walked
from headworks.migrations.history import History
from headworks.postgres.shadow import ShadowChoice, shadow_server
from headworks.schema import Column, Schema, Table
from helpers import Headworks
from projects import Rev, make_project, sql, table


def test_a_short_history_is_one_chunk() -> None:
    assert sizes(100, 8) == [100]
    assert sizes(500, 1) == [500]


@pytest.mark.parametrize("count", [200, 500, 3000])
@pytest.mark.parametrize("processes", [2, 3, 8])
def test_chunks_cover_the_history_and_end_at_once(count: int, processes: int) -> None:
    found = sizes(count, processes)
    assert sum(found) == count
    assert 2 <= len(found) <= processes
    assert found == sorted(found, reverse=True)  # a later one has more below it
    ends = [
        part + (chunks.BEGINNING + chunks.BELOW * sum(found[:place]) if place else 0)
        for place, part in enumerate(found)
    ]
    assert max(ends) - min(ends) <= len(found)


def test_pictures_are_what_they_were(tmp_path: Path) -> None:
    project = make_project(tmp_path, [table("a"), table("b")])
    history: History = project.history
    first, second = history.revisions
    empty = Schema.of((), server_major=18)
    one = empty.with_objects(
        [Table(schema="public", name="a"), Column(schema="public", table="a", name="id", type="int")]
    )
    two = one.with_objects([*one.objects, Table(schema="public", name="b")])
    walked = [
        Walked(first, empty, one, empty, one, seconds=0.5),
        Walked(second, one, two, empty),
    ]
    again, heads = taken(passed(walked, two), history)
    assert again == walked
    assert heads == two
    assert {seen.before.server_major for seen in again if seen.before} == {18}


def test_the_other_process_ends_by_itself(tmp_path: Path) -> None:
    """Python aborts where a thread is still reading from `sys.stdin`, after it has waited for it for a second."""
    project = make_project(tmp_path, [table("a"), table("b")])
    with shadow_server(ShadowChoice()) as shadow:
        assert shadow.twin is not None
        order = Order(
            config="",
            path=tuple(sys.path),
            twin=shadow.twin,
            chosen=("b",),
            heads=True,
            timeout=60.0,
        )
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "headworks.gate.chunk"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        frame(process.stdin, msgspec.msgpack.encode(order))
        assert framed(process.stdout) == b"Bb"
        walked, heads = taken(framed(process.stdout)[1:], project.history)
        assert [seen.revision.id for seen in walked] == ["b"]
        assert {one.name for one in heads.all(Table)} == {"a", "b"}
        said = process.stderr.read()  # to its end: our stdin stays open all the while
        assert process.wait() == 0, said


@pytest.fixture
def chunked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """As if a second process took no time to begin, on two cores; what others walked and answered for."""
    answered: list[tuple[str, ...]] = []
    answer = chunks.Chunk.answer

    def heard(self: chunks.Chunk) -> bytes | None:
        found = answer(self)
        if found is not None:
            answered.append(self.chosen)
        return found

    monkeypatch.setattr(chunks, "BEGINNING", 0)
    monkeypatch.setattr(chunks, "_cores", lambda: 2)
    monkeypatch.setattr(chunks.Chunk, "answer", heard)
    return answered


def told(gate: Headworks, *words: str) -> dict[str, Any]:
    ran = gate("gate", "--checks", "schema", "--format", "json", "--quiet", *words)
    found = json.loads(ran.out)
    del found["stats"]["seconds"]
    for one in found["details"]["revisions"]:
        one.pop("seconds", None)
    return found


def both(inside: Headworks, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, Any], dict[str, Any]]:
    """What two processes say, and what one says."""
    two = told(inside)
    monkeypatch.setattr(chunks, "_cores", lambda: 1)
    return two, told(inside)


def test_a_difference_in_the_other_chunk_is_told(
    tmp_path: Path, inside: Headworks, monkeypatch: pytest.MonkeyPatch, chunked: list[tuple[str, ...]]
) -> None:
    left = Rev("left", sql("CREATE TABLE left_over (id int)"), "pass")
    make_project(tmp_path, [table("a"), table("b"), table("c"), left, table("d")])
    two, one = both(inside, monkeypatch)
    assert two == one
    assert [(found["rule"], found["revision"]) for found in two["findings"]] == [("gate.downgrade-differs", "left")]
    assert [chosen[-1] for chosen in chunked] == ["d"]
    assert "left" in chunked[0]


ENUM = "op.create_table('{}', sa.Column('kind', sa.Enum('x', name='kind')))"
FAULTS = {
    "upgrade": Rev("breaks", sql("SELECT 1/0"), "pass"),
    "upgrade alone": Rev("breaks", ENUM.format("f"), sql("DROP TABLE f")),
    "extension": Rev("breaks", sql("CREATE EXTENSION none_such"), "pass"),
    "downgrade": Rev("breaks", sql("CREATE TABLE left_over (id int)"), sql("DROP TABLE none_such")),
    "on purpose": Rev("breaks", "pass", "raise NotImplementedError('never')"),
    "missing": Rev("breaks", "pass", None),
    "reupgrade": Rev("breaks", sql("CREATE ROLE stays"), "pass"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failure_in_the_last_chunk_is_told(
    tmp_path: Path, inside: Headworks, monkeypatch: pytest.MonkeyPatch, chunked: list[tuple[str, ...]], fault: str
) -> None:
    """With its line and its advice; what needs a revision that does not run comes after it in the same chunk."""
    makes = Rev("d", ENUM.format("d"), sql("DROP TABLE d", "DROP TYPE kind"))  # Alembic's memo hides a second one
    revisions = [table("a"), table("b"), table("c"), makes, FAULTS[fault], table("e")]
    make_project(tmp_path, revisions)
    two, one = both(inside, monkeypatch)
    assert two == one
    assert "breaks" in {found["revision"] for found in two["findings"]}
    assert len(chunked) == 1
    assert "breaks" in chunked[0]


def test_a_failure_below_the_other_chunk_is_seen_again_here(
    tmp_path: Path, inside: Headworks, monkeypatch: pytest.MonkeyPatch, chunked: list[tuple[str, ...]]
) -> None:
    make_project(tmp_path, [FAULTS["upgrade"], table("a", after=None), *map(table, "bcde")])
    two, one = both(inside, monkeypatch)
    assert two == one
    assert ("gate.upgrade-failed", "breaks") in [(found["rule"], found["revision"]) for found in two["findings"]]
    assert chunked == []


@pytest.mark.parametrize("direction", ["upgrade", "downgrade"])
@pytest.mark.parametrize("cores", [2, 3])
def test_a_step_that_hangs_in_another_chunk_is_waited_for_once(
    tmp_path: Path,
    inside: Headworks,
    monkeypatch: pytest.MonkeyPatch,
    chunked: list[tuple[str, ...]],
    direction: str,
    cores: int,
) -> None:
    """Also where that chunk is walked here again: with three cores it is not the last one."""
    begun = tmp_path / "begun"
    who = f"import os\nwith open({str(begun)!r}, 'a') as file:\n    print(os.getpid(), file=file)\n"
    hangs = who + sql("SELECT pg_sleep(600)")
    up = sql("CREATE TABLE h (id int)")
    late = Rev("h", up, hangs) if direction == "downgrade" else Rev("h", hangs)
    revisions = [*map(table, "abcdef"), late, table("i", after="f"), *map(table, "jkl")]
    make_project(tmp_path, revisions, config={"gate": {"timeout": 1}})
    monkeypatch.setattr(chunks, "_cores", lambda: cores)
    several = told(inside)
    waited = begun.read_text().split()
    assert len(waited) == len(set(waited)) == (1 if direction == "downgrade" else cores - 1)  # at once, those before it
    assert str(os.getpid()) not in waited
    monkeypatch.setattr(chunks, "_cores", lambda: 1)
    assert several == told(inside)
    failed = [found for found in several["findings"] if found["rule"] == f"gate.{direction}-failed"]
    assert [(found["revision"], found["line"] > 1) for found in failed] == [("h", True)]
    assert "it did not end within 1 s" in failed[0]["message"]
    assert all("h" not in chosen or direction == "downgrade" or cores == 2 for chosen in chunked)


def test_a_process_that_is_ended_is_done_without(
    tmp_path: Path, inside: Headworks, monkeypatch: pytest.MonkeyPatch, chunked: list[tuple[str, ...]]
) -> None:
    ends = f"import os\nif os.getpid() != {os.getpid()}:\n    os.kill(os.getpid(), 9)\n" + sql(
        "CREATE TABLE e (id int)"
    )
    make_project(tmp_path, [table("a"), table("b"), table("c"), Rev("e", ends, sql("DROP TABLE e"))])
    two, one = both(inside, monkeypatch)
    assert two == one
    assert two["ok"]
    assert chunked == []


def test_roles_that_two_chunks_make_do_not_meet(
    tmp_path: Path, inside: Headworks, monkeypatch: pytest.MonkeyPatch, chunked: list[tuple[str, ...]]
) -> None:
    role = Rev("role", sql("CREATE ROLE keeper"), sql("DROP ROLE keeper"))
    make_project(tmp_path, [role, table("a"), table("b"), table("c")])
    two, one = both(inside, monkeypatch)
    assert two == one
    assert two["ok"]
    assert chunked
