"""Objects as an older server would list them: one that knows the younger words against one that does not."""

import pytest

from headworks.schema import (
    DefaultPrivilege,
    EventTrigger,
    Object,
    Privilege,
    Publication,
    Schema,
    Subscription,
    Table,
    diff,
)

ALL = ("DELETE", "INSERT", "MAINTAIN", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE")
BEFORE_17 = tuple(word for word in ALL if word != "MAINTAIN")


def privilege(name: str, *grants: str, initial: tuple[str, ...] = ()) -> Privilege:
    return Privilege(of="table", schema="s", object="t", name=name, grants=grants, initial=initial)


def tables(name: str, *grants: str, initial: tuple[str, ...] = (), of: str = "tables") -> DefaultPrivilege:
    return DefaultPrivilege(of=of, role="OWNER", schema="", name=name, grants=grants, initial=initial)


def no_public(initial: tuple[str, ...]) -> Privilege:
    return Privilege(of="function", schema="s", object="f()", name="PUBLIC", initial=initial)


SUBSCRIPTION = Subscription(name="s", streaming="off")

SAME = {
    "MAINTAIN alone": (17, [privilege("app", "MAINTAIN")], 16, []),
    "MAINTAIN WITH GRANT OPTION": (
        17,
        [privilege("app", "MAINTAIN WITH GRANT OPTION", "SELECT")],
        15,
        [privilege("app", "SELECT")],
    ),
    "GRANT ALL": (18, [privilege("app", *ALL)], 16, [privilege("app", *BEFORE_17)]),
    "an owner without MAINTAIN": (17, [privilege("OWNER", *BEFORE_17, initial=ALL)], 16, []),
    "an owner without DELETE": (
        17,
        [privilege("OWNER", *ALL[1:], initial=ALL)],
        16,
        [privilege("OWNER", *BEFORE_17[1:], initial=BEFORE_17)],
    ),
    "default privileges": (
        18,
        [tables("app", *ALL), tables("OWNER", *BEFORE_17, initial=ALL)],
        16,
        [tables("app", *BEFORE_17)],
    ),
    "large objects": (18, [tables("app", "SELECT", of="large objects")], 17, []),
    "generated columns": (18, [Publication(name="p", generated_columns="stored")], 17, [Publication(name="p")]),
    "streaming that nobody asked for": (18, [Subscription(name="s", streaming="parallel")], 17, [SUBSCRIPTION]),
    "streaming off": (18, [SUBSCRIPTION], 16, [SUBSCRIPTION]),
    "failover": (17, [Subscription(name="s", failover=True)], 16, [SUBSCRIPTION]),
    "what 15 lacks": (
        16,
        [Subscription(name="s", origin="none", run_as_owner=True, password_required=False)],
        15,
        [SUBSCRIPTION],
    ),
    "login": (17, [EventTrigger(name="e", event="login", function=("s", "f"))], 16, []),
}


@pytest.mark.parametrize(("younger", "there", "older", "here"), SAME.values(), ids=SAME)
def test_younger_words_are_no_difference(younger: int, there: list[Object], older: int, here: list[Object]) -> None:
    table = Table(schema="s", name="t")
    one, other = Schema.of([table, *there], server_major=younger), Schema.of([table, *here], server_major=older)
    assert diff(one, other) == diff(other, one) == ()


OTHER = {
    "a REVOKE from PUBLIC": ([no_public(("EXECUTE",))], []),
    "an owner without SELECT": ([privilege("OWNER", "MAINTAIN", "UPDATE", initial=ALL)], []),
    "a grant": ([privilege("app", "MAINTAIN", "SELECT")], [privilege("app", "UPDATE")]),
    "streaming on": ([Subscription(name="s", streaming="on")], [SUBSCRIPTION]),
    "another event": ([EventTrigger(name="e", event="sql_drop", function=("s", "f"))], []),
    "sequences": ([tables("app", "SELECT", of="sequences")], []),
}


@pytest.mark.parametrize(("there", "here"), OTHER.values(), ids=OTHER)
def test_what_both_majors_know_is_a_difference(there: list[Object], here: list[Object]) -> None:
    one, other = Schema.of(there, server_major=18), Schema.of(here, server_major=15)
    assert len(diff(one, other)) == len(diff(other, one)) == 1


def test_what_a_silent_picture_means_is_said() -> None:
    here, there = Schema.of([no_public(("EXECUTE",))]), Schema()
    assert [str(change) for change in diff(there, here)] == [
        "privilege s.PUBLIC on function f(): grants is (), expected (EXECUTE)"
    ]
    assert [str(change) for change in diff(here, there)] == [
        "privilege s.PUBLIC on function f(): grants is (EXECUTE), expected ()"
    ]
