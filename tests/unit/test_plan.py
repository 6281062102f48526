"""Plans on graphs alone: every form of a target, and random graphs beside Alembic's own answers."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from alembic.script.revision import RangeNotAncestorError, RevisionMap
from alembic.script.revision import Revision as TheirRevision
from hypothesis import given
from hypothesis import strategies as st

from headworks.migrations.errors import SeveralHeads, TargetRefused, UnknownDomain, UnknownRevision, UnknownRow
from headworks.migrations.history import History, Revision
from headworks.migrations.plan import plan_downgrade, plan_upgrade, stamp_targets


def history(*lines: str) -> History:
    """`"b1 <- a, b0 | a2"`: revision b1 of domain b is built on b0... written `id domain < down,down ~ depends_on`."""
    revisions = []
    for line in lines:
        head, _, dependencies = line.partition("~")
        name, _, down = head.partition("<")
        revisions.append(
            Revision(
                id=name.strip(),
                down=tuple(down.split()),
                depends_on=tuple(dependencies.split()),
                domain=name.strip().rstrip("0123456789"),
                doc="",
                file=f"{name.strip()}.py",
                path=Path(f"{name.strip()}.py"),
            )
        )
    return History(tuple(revisions), "versions")


SHOP = history("auth1", "auth2 < auth1", "shop1 ~ auth2", "shop2 < shop1", "shop3 < shop2 ~ auth1", "bill1 ~ shop2")
ONE = history("a1", "a2 < a1", "a3 < a2")
FORK = history("a1", "a2 < a1", "a3 < a1", "b1")


def ids(plan: Sequence[Revision]) -> str:
    return " ".join(revision.id for revision in plan)


@pytest.mark.parametrize(
    ("rows", "targets", "expected"),
    [
        ("", "heads", "auth1 auth2 shop1 shop2 shop3 bill1"),
        ("", "bill", "auth1 auth2 shop1 shop2 bill1"),
        ("", "bill@head", "auth1 auth2 shop1 shop2 bill1"),
        ("", "bill@heads auth", "auth1 auth2 shop1 shop2 bill1"),
        ("", "+2", "auth1 auth2"),
        ("auth1", "+2", "auth2 shop1"),
        ("auth2", "shop@+1", "shop1"),
        ("", "shop@+1", "auth1 auth2 shop1"),
        ("", "shop@shop2", "auth1 auth2 shop1 shop2"),
        ("", "shop2", "auth1 auth2 shop1 shop2"),
        ("", "+0", ""),
        ("bill1 shop3", "heads", ""),
        ("bill1", "heads", "shop3"),
        ("shop3", "auth1", ""),
    ],
)
def test_upgrade_targets(rows: str, targets: str, expected: str) -> None:
    assert ids(plan_upgrade(SHOP, rows.split(), targets.split())) == expected


@pytest.mark.parametrize(
    ("rows", "target", "expected"),
    [
        ("shop3 bill1", "base", "bill1 shop3 shop2 shop1 auth2 auth1"),
        ("shop3 bill1", "shop@base", "bill1 shop3 shop2 shop1"),
        ("shop3 bill1", "auth@base", "bill1 shop3 shop2 shop1 auth2 auth1"),
        ("shop3 bill1", "shop@-1", "shop3"),
        ("shop3 bill1", "shop@-2", "bill1 shop3 shop2"),
        ("shop3", "shop@-2", "shop3 shop2"),
        ("shop3 bill1", "shop2", "shop3"),
        ("shop3 bill1", "shop@shop1", "bill1 shop3 shop2"),
        ("shop3 bill1", "bill1", ""),
        ("shop3 bill1", "auth2", ""),
        ("shop3 bill1", "auth1", "bill1 shop3 shop2 shop1 auth2"),
        ("auth1", "shop@base", ""),
        ("", "base", ""),
    ],
)
def test_downgrade_targets(rows: str, target: str, expected: str) -> None:
    assert ids(plan_downgrade(SHOP, rows.split(), target)) == expected


def test_one_domain_needs_no_name() -> None:
    assert ids(plan_upgrade(ONE, (), ["head"])) == "a1 a2 a3"
    assert ids(plan_downgrade(ONE, ["a3"], "-2")) == "a3 a2"


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("head", TargetRefused),
        ("base", TargetRefused),
        ("-1", TargetRefused),
        ("shop@-1", TargetRefused),
        ("+9", TargetRefused),
        ("shop@+9", TargetRefused),
        ("ship@head", UnknownDomain),
        ("shipping", UnknownDomain),
        ("shop9", UnknownRevision),
        ("shop@auth1", UnknownRevision),
        ("au", UnknownDomain),
        ("auth", None),
        ("sho", TargetRefused),
    ],
)
def test_upgrade_targets_that_are_refused(target: str, error: type[Exception] | None) -> None:
    if error is None:
        assert plan_upgrade(SHOP, (), [target])
        return
    with pytest.raises(error):
        plan_upgrade(SHOP, (), [target])


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("-1", TargetRefused),
        ("shop@-4", TargetRefused),
        ("shop@+1", TargetRefused),
        ("shop", TargetRefused),
        ("heads", TargetRefused),
        ("bill1", TargetRefused),
        ("ship@base", UnknownDomain),
        ("nonsense1", UnknownRevision),
    ],
)
def test_downgrade_targets_that_are_refused(target: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        plan_downgrade(SHOP, ["shop3"], target)


def test_rows_that_nobody_knows() -> None:
    with pytest.raises(UnknownRow):
        plan_upgrade(SHOP, ["gone"], ["heads"])


def test_two_heads() -> None:
    with pytest.raises(SeveralHeads) as caught:
        plan_upgrade(FORK, (), ["heads"])
    assert (caught.value.domain, caught.value.count) == ("a", 2)
    assert ids(plan_upgrade(FORK, (), ["a@heads"])) == "a1 a2 a3"
    assert ids(plan_upgrade(FORK, (), ["b", "a3"])) == "a1 a3 b1"


def test_stamp_targets_are_the_topmost() -> None:
    assert stamp_targets(SHOP, ["heads"]) == ("shop3", "bill1")
    assert stamp_targets(SHOP, ["auth", "shop1"]) == ("shop1",)
    assert stamp_targets(SHOP, ["base"]) == ()


@st.composite
def graphs(draw: st.DrawFn) -> History:
    """A dozen revisions, each built on none, one or two earlier ones, and depending on some; the ids in any order."""
    count = draw(st.integers(1, 12))
    names = draw(st.permutations([f"r{number:02}" for number in range(count)]))
    lines = []
    for place, name in enumerate(names):
        before = st.lists(st.sampled_from(names[:place]), unique=True, max_size=2) if place else st.just([])
        down = draw(before)
        dependencies = [one for one in draw(before) if one not in down]
        lines.append((name, down, dependencies))
    domains = {name: draw(st.sampled_from("xyz")) for name, _, _ in lines}
    made = [
        Revision(name, tuple(down), tuple(needs), domains[name], "", f"{name}.py", Path(f"{name}.py"))
        for name, down, needs in lines
    ]
    return History(tuple(made), "versions")


def theirs(history: History) -> RevisionMap:
    """The same graph in Alembic's own hands."""
    made = [TheirRevision(one.id, one.down or None, dependencies=one.depends_on or None) for one in history.revisions]
    return RevisionMap(lambda: made)


def rows_of(history: History, applied: set[str]) -> list[str]:
    """The version rows of a database that has these: Alembic keeps those that no other applied one builds on."""
    below = {need for one in history.revisions if one.id in applied for need in one.needs}
    return [one.id for one in history.revisions if one.id in applied - below]


def assert_valid(history: History, before: set[str], plan: Sequence[Revision], direction: str) -> set[str]:
    """Run the plan on paper: each revision finds what it needs, and leaves nobody without it. What is applied then."""
    applied = set(before)
    for revision in plan:
        if direction == "upgrade":
            assert revision.id not in applied
            assert set(revision.needs) <= applied
            applied.add(revision.id)
        else:
            assert revision.id in applied
            applied.remove(revision.id)
            assert not [one.id for one in history.revisions if one.id in applied and revision.id in one.needs]
    return applied


@given(graphs(), st.data())
def test_any_plan_is_in_order_and_comes_back(history: History, data: st.DataObject) -> None:
    everything = [one.id for one in history.revisions]
    start = history.applied(data.draw(st.lists(st.sampled_from(everything))))
    targets = data.draw(st.lists(st.sampled_from(everything), min_size=1))
    plan = plan_upgrade(history, rows_of(history, set(start)), targets)
    applied = assert_valid(history, set(start), plan, "upgrade")
    assert applied == start | history.applied(targets)
    stays = data.draw(st.sampled_from(sorted(applied)))
    down = plan_downgrade(history, rows_of(history, applied), stays)
    assert stays in assert_valid(history, applied, down, "downgrade")
    assert (
        assert_valid(history, applied, plan_downgrade(history, rows_of(history, applied), "base"), "downgrade") == set()
    )


@given(graphs(), st.data())
def test_plans_hold_what_alembics_hold(history: History, data: st.DataObject) -> None:
    everything = [one.id for one in history.revisions]
    graph = theirs(history)
    applied = set(history.applied(data.draw(st.lists(st.sampled_from(everything)))))
    rows = rows_of(history, applied)
    target = data.draw(st.sampled_from(everything))
    up = {one.revision for one in graph.iterate_revisions(target, rows, implicit_base=True)}
    assert {one.id for one in plan_upgrade(history, rows, [target])} == up
    if target in applied:
        try:
            down = {one.revision for one in graph.iterate_revisions(rows, target, select_for_downgrade=True)}
        except RangeNotAncestorError:  # there is nothing above it, and something depends on it
            down = set()
        assert {one.id for one in plan_downgrade(history, rows, target)} == down
    down = {one.revision for one in graph.iterate_revisions(rows, "base", select_for_downgrade=True)}
    assert {one.id for one in plan_downgrade(history, rows, "base")} == down
