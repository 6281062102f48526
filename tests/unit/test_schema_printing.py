"""Two prints of one expression."""

import pytest

from headworks.schema.printing import printed_alike

MADE = "((d)::text = ANY ((ARRAY['a'::character varying, 'it''s, (ARRAY[x])::text[]'::character varying])::text[]))"
READ = (
    "((d)::text = ANY (ARRAY[('a'::character varying)::text, ('it''s, (ARRAY[x])::text[]'::character varying)::text]))"
)


@pytest.mark.parametrize(
    ("made", "read"),
    [
        (MADE, READ),
        ("(ARRAY[f((ARRAY[b, c])::text[]), E'\\']'])::\"Odd\".\"T \"\"y\"[]",
         "ARRAY[(f(ARRAY[(b)::text, (c)::text]))::\"Odd\".\"T \"\"y\", (E'\\']')::\"Odd\".\"T \"\"y\"]"),
        ("x = ANY ((ARRAY[1, 2])::numeric(10,2)[])", "x = ANY (ARRAY[(1)::numeric(10,2), (2)::numeric(10,2)])"),
    ],
)  # fmt: skip
def test_as_made_and_as_read_again(made: str, read: str) -> None:
    assert printed_alike("expression", made, read)
    assert printed_alike("where", read, made)
    assert printed_alike("keys", (made, "a"), (read, "a"))


@pytest.mark.parametrize(
    ("attribute", "one", "other"),
    [
        ("expression", MADE, READ.replace("'a'", "'b'")),
        ("expression", MADE, READ.replace(")::text,", ")::citext,")),
        ("expression", MADE, READ.replace("it''s, (ARRAY[x])::text[]", "it''s, ARRAY[(x)::text]")),
        ("comment", MADE, READ),
        ("body", f"SELECT {MADE}", f"SELECT {READ}"),
        ("keys", (MADE,), (READ, "a")),
        ("expression", MADE, None),
        ("expression", "(ARRAY[a", "(ARRAY[b"),
    ],
)
def test_what_is_another_text(attribute: str, one: object, other: object) -> None:
    assert not printed_alike(attribute, one, other)
