"""Names that carry types: how they are taken apart, and what they look like in SQL."""

import msgspec
import pytest

from headworks.schema import Domain, Schema, diff
from headworks.schema.objects import Aggregate, Operator, OperatorClass, OperatorFamily, Range
from headworks.schema.quoting import regoperator, regprocedure, split_last


@pytest.mark.parametrize(
    ("mark", "text", "parts"),
    [
        ("(", "add(integer, integer)", ("add", "integer, integer)")),
        ("(", "add()", ("add", ")")),
        ("(", 'a(b("s("."t)")', ("a(b", '"s("."t)")')),
        ("(", 'a"b(integer)', ('a"b', "integer)")),
        ("(", 'f("a""(b", "char", public."("[])', ("f", '"a""(b", "char", public."("[])')),
        (" USING ", "a USING b USING btree", ("a USING b", "btree")),
        (" USING ", 'ops USING "a USING b"', ("ops", '"a USING b"')),
    ],
)
def test_the_last_mark_outside_quotes_splits(mark: str, text: str, parts: tuple[str, str]) -> None:
    assert split_last(mark, text) == parts


def test_without_a_mark_there_is_nothing_to_split() -> None:
    with pytest.raises(ValueError, match="substring"):
        split_last("(", 'no "(" here')


def test_signatures_are_quoted_but_for_the_types() -> None:
    assert regprocedure("s", "add(integer)") == """'"s"."add"(integer)'::regprocedure"""
    assert regprocedure("it's", 'a"b("x y")') == """'"it''s"."a""b"("x y")'::regprocedure"""
    assert regoperator("s", "=(NONE, integer)") == """'"s".=(NONE, integer)'::regoperator"""


def test_a_domain_has_no_named_not_null_before_17() -> None:
    new = Domain(schema="s", name="d", type="text", nullable=False, not_null_name="filled", not_null_comment="why")
    old = Domain(schema="s", name="d", type="text", nullable=False)
    for one, other in ((16, 18), (15, 17)):
        assert diff(Schema.of([old], server_major=one), Schema.of([new], server_major=other)) == ()
        assert diff(Schema.of([new], server_major=other), Schema.of([old], server_major=one)) == ()
    assert len(diff(Schema.of([old], server_major=17), Schema.of([new], server_major=18))) == 2
    changed = msgspec.structs.replace(new, nullable=True)
    (change,) = diff(Schema.of([old], server_major=16), Schema.of([changed], server_major=18))
    assert change.attribute == "nullable"


@pytest.mark.parametrize("text", ["16384", "???"])
def test_what_postgresql_could_not_name_is_no_name(text: str) -> None:
    for name in ("f(integer)", '"16384"', '"???"', "pg_catalog.?(a,b)"):
        assert msgspec.convert({"schema": "s", "name": "=(NONE, x)", "function": name}, Operator).function == name
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"schema": "s", "name": "=(NONE, x)", "function": text}, Operator)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"schema": "s", "name": "r", "subtype": text, "multirange": ["s", "m"]}, Range)
    row = {"schema": "s", "name": "a()", "state_function": "f()", "state_type": "x", "sort_operator": text}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(row, Aggregate)


def test_a_family_goes_with_the_class_of_its_name() -> None:
    family = OperatorFamily(schema="s", name="o USING btree")
    one = OperatorClass(schema="s", name="o USING btree", type="x", family=("s", "o"))
    assert [str(change) for change in diff(Schema.of([family, one]), Schema())] == [
        "operator class s.o USING btree: missing"
    ]
    assert [str(change) for change in diff(Schema.of([family]), Schema())] == [
        "operator family s.o USING btree: missing"
    ]
