"""The snapshot file: exact both ways, the same text for equal pictures, and clear about what it cannot read."""

import json
import typing
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headworks.errors import ExitCode
from headworks.schema import Column, Index, Namespace, Object, Schema, Table, View, decode, encode, fingerprint, kinds
from headworks.schema.codec import FORMAT
from headworks.schema.errors import (
    DuplicateObject,
    InvalidObject,
    NewerFormat,
    NotAPicture,
    PictureError,
    PictureSyntax,
    UnknownKind,
)

VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=8),
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    type(None): st.none(),
}


def values(annotation: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type."""
    if annotation in VALUES:
        return VALUES[annotation]
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is typing.Annotated:
        patterns = [mark.pattern for mark in arguments[1:] if isinstance(mark, msgspec.Meta) and mark.pattern]
        return st.from_regex(patterns[0]) if patterns else values(arguments[0])
    if typing.get_origin(annotation) is tuple and arguments[-1] is Ellipsis:
        return st.lists(values(arguments[0]), max_size=3).map(tuple)
    if typing.get_origin(annotation) is tuple:
        return st.tuples(*map(values, arguments))
    return st.one_of(*map(values, arguments))


def objects(kind: type[Object]) -> st.SearchStrategy[Object]:
    return st.builds(kind, **{field.name: values(field.type) for field in msgspec.structs.fields(kind)})


pictures = st.builds(
    Schema.of,
    st.lists(st.one_of(*map(objects, kinds())), unique_by=lambda item: item.key, max_size=12),
    server_major=st.integers(15, 18),
)


@given(pictures)
def test_round_trip_is_exact(picture: Schema) -> None:
    text = encode(picture)
    again = decode(text)
    assert again == picture
    assert again.server_major == picture.server_major
    assert encode(again) == text
    assert fingerprint(again) == fingerprint(picture)


@given(pictures, st.randoms(use_true_random=False))
def test_equal_pictures_have_equal_text(picture: Schema, random: Any) -> None:
    shuffled = list(picture.objects)
    random.shuffle(shuffled)
    assert encode(Schema.of(shuffled, server_major=picture.server_major)) == encode(picture)


def test_the_text() -> None:
    picture = Schema.of(
        [
            Table(schema="public", name="b", column_order=("ü", "a")),
            Table(schema="public", name="a"),
            Column(schema="public", table="b", name="ü", type="text", nullable=False, comment="x"),
        ],
        server_major=17,
    )
    assert encode(picture) == (
        """{
  "headworks_schema": 1,
  "postgresql": 17,
  "objects": {
    "column": [
      {
        "name": "ü",
        "schema": "public",
        "table": "b",
        "comment": "x",
        "nullable": false,
        "type": "text"
      }
    ],
    "table": [
      {
        "name": "a",
        "schema": "public"
      },
      {
        "name": "b",
        "schema": "public",
        "column_order": [
          "ü",
          "a"
        ]
      }
    ]
  }
}
"""
    )


def test_one_more_column_adds_lines_and_changes_none() -> None:
    table = Table(schema="s", name="t")
    columns = [Column(schema="s", table="t", name=name, type="text") for name in "abc"]
    before, after = (encode(Schema.of([table, *some])).splitlines() for some in (columns[::2], columns))
    assert set(before) <= set(after)


def test_the_fingerprint_sees_everything_but_the_server() -> None:
    index = Index(schema="s", table="t", name="i", method="btree", keys=("a",))
    other = Index(schema="s", table="t", name="i", method="btree", keys=("a",), unique=True)
    view = View(schema="s", name="t", definition="SELECT 1")
    one = fingerprint(Schema.of([index, view], server_major=15))
    assert one == fingerprint(Schema.of([view, index], server_major=18))
    assert one != fingerprint(Schema.of([other, view]))
    assert len(one) == 64


def file(**changes: Any) -> str:
    return json.dumps({"headworks_schema": FORMAT, "postgresql": 18, "objects": {}} | changes)


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ('{\n  "a": 1,\n<<<<<<< HEAD\n}', PictureSyntax, "s.json, line 3: not JSON"),
        (b'{\n"a": "\xff"}', PictureSyntax, "s.json, line 2: not JSON: not UTF-8"),
        ("", PictureSyntax, "s.json, line 1: not JSON"),
        ("[]", NotAPicture, "headworks_schema"),
        ('{"dependencies": {}}', NotAPicture, "headworks_schema"),
        (file(objects=[]), NotAPicture, "objects"),
        (file(postgresql="18"), NotAPicture, "postgresql"),
        (file(objects={"table": {}}), NotAPicture, '"table" is not a list'),
        (file(headworks_schema=FORMAT + 1, objects={"x": []}), NewerFormat, f"format {FORMAT + 1}"),
        (file(objects={"hologram": []}), UnknownKind, "'hologram'"),
        (file(objects={"schema": [{"name": "a"}, {"name": 1}]}), InvalidObject, "schema number 2: Expected `str`"),
        (
            file(objects={"schema": [{"name": "a", "glow": 1}]}),
            InvalidObject,
            "schema number 1: Object contains unknown",
        ),
        (file(objects={"schema": [{"name": "a"}, {"name": "a"}]}), DuplicateObject, "schema a is there more than once"),
    ],
)
def test_what_cannot_be_read_says_why(text: str | bytes, error: type[PictureError], said: str) -> None:
    with pytest.raises(error) as caught:
        decode(text, source="s.json")
    assert type(caught.value) is error
    assert said in str(caught.value)
    assert "s.json" in str(caught.value)
    assert caught.value.advice
    assert caught.value.exit_code is ExitCode.FAILED


def test_every_reference_of_a_duplicate_is_found_across_kinds() -> None:
    text = file(
        objects={"table": [{"schema": "s", "name": "t"}], "view": [{"schema": "s", "name": "t", "definition": ""}]}
    )
    with pytest.raises(DuplicateObject):
        decode(text)


def test_an_empty_picture() -> None:
    assert decode(encode(Schema())) == Schema()
    assert decode(encode(Schema.of([Namespace(name="public")])).encode()) == Schema.of([Namespace(name="public")])
