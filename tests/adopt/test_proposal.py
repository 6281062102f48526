"""Domains from links: their names and patterns, and when there are none."""

from fnmatch import fnmatchcase
from itertools import pairwise

from headworks.adopt.links import Links, first_words
from headworks.adopt.proposal import Proposal, propose
from headworks.schema import QualifiedName


def proposed(*groups: list[str], others: tuple[str, ...] = (), bridge: bool = True) -> Proposal:
    """Groups in which all refer to the first; with `bridge` the first of each refers to that of the one before."""

    def key(name: str) -> QualifiedName:
        schema, _, table = name.rpartition(".")
        return (schema or "public", table)

    keys = {(key(name), key(group[0])) for group in groups for name in group[1:]}
    if bridge:
        keys |= {(key(one[0]), key(two[0])) for two, one in pairwise(groups)}
    weights = {(min(pair), max(pair)): 1.0 for pair in keys}
    tables = tuple(sorted({*map(key, others), *(key(name) for group in groups for name in group)}))
    found = propose(Links(tables, frozenset(keys), {}, weights))
    for one in found.domains:
        for table in tables:
            hit = any(fnmatchcase(text, pattern) for pattern in one.patterns for text in (table[1], ".".join(table)))
            assert hit is (table in one.tables), (one.name, one.patterns, table)
    return found


def patterns(found: Proposal) -> dict[str, tuple[str, ...]]:
    return {one.name: one.patterns for one in found.domains}


def test_a_domain_is_named_for_what_the_others_refer_to() -> None:
    found = proposed(["studies", "study_directions", "study_notes"], ["trials", "trial_params", "trial_values"])
    assert patterns(found) == {"studies": ("studies", "study_*"), "trials": ("trial_*", "trials")}
    assert found.domains[1].reason == "2 foreign keys within, 1 to studies, 3 named trial..."


def test_a_pattern_takes_no_table_of_another_domain() -> None:
    found = proposed(["users", "user_keys", "user_mails"], ["orders", "order_lines", "user_notes"])
    assert patterns(found) == {
        "orders": ("order_lines", "orders", "user_notes"),
        "users": ("user_keys", "user_mails", "users"),
    }


def test_a_schema_of_its_own() -> None:
    found = proposed(["billing.a", "billing.b", "billing.c"], ["orders", "order_lines", "order_notes"])
    assert patterns(found) == {"billing": ("billing.*",), "orders": ("order_*", "orders")}


def test_the_same_name_in_two_schemas() -> None:
    found = proposed(["a.items", "a.x", "a.y"], ["items", "x", "z"], others=("a.alone", "b.x"))
    assert patterns(found) == {
        "a_items": ("a.items", "a.x", "a.y"),
        "public_items": ("public.items", "public.x", "z"),
    }
    assert found.left == (("a", "alone"), ("b", "x"))


def test_wildcards_in_names() -> None:
    found = proposed(["a*", "ab[c]", "ax"], ["b?", "bx", "b]"], others=("abc",))
    assert patterns(found)["a*"] == ("a[*]", "ab[[]c]", "ax")
    assert found.left == (("public", "abc"),)


def test_one_group_is_no_division() -> None:
    found = proposed(["users", "keys", "mails", "notes"])
    assert (found.domains, found.left) == ((), ())
    assert not found.clear
    assert proposed().domains == ()


def test_first_words() -> None:
    def words(*names: str) -> list[str]:
        return list(first_words([("public", name) for name in names]).values())

    assert words("studies", "study_notes", "addresses", "address_lines") == ["study", "study", "address", "address"]
    assert words("app_users", "app_user_keys", "app_orders") == ["user", "user", "order"]
    assert words("app", "app_users") == ["app", "app"]
    assert words("_x", "__", "X_y") == ["x", "__", "x"]
