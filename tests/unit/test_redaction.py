"""No output ever shows a password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headworks.errors import HeadworksError
from headworks.redaction import redact

PLAIN = st.text(st.characters(codec="ascii", min_codepoint=33, exclude_characters="&'\";,)\\"), min_size=1, max_size=20)


class Odd(HeadworksError):
    """it said: {reason}"""

    hint = "look at {reason}"


@given(PLAIN, st.sampled_from(["postgresql://me:{}@h/d", "postgresql+asyncpg://:{}@/d?host=/run", "redis://x:{}@h:1"]))
def test_urls(secret: str, form: str) -> None:
    secret = f"s3cr3t{secret}"
    assert secret not in redact(f"before {form.format(secret)} after")
    error = Odd(reason=form.format(secret))
    assert secret not in f"{error} {error.advice}"


@pytest.mark.parametrize(
    "text",
    [
        "password=s3cr3t", "password = 's3 cr3t'", "PGPASSWORD=s3cr3t", "?sslpassword=s3cr3t&x=1",
        "passwd=\"s3cr3t\"", "postgresql://h/d?password=s3cr3t", "host=h password='it\\'s s3cr3t'",
    ],
)  # fmt: skip
def test_pairs(text: str) -> None:
    assert "cr3t" not in redact(text)
    assert "***" in redact(text)


def test_what_is_no_password_stays() -> None:
    for text in ("postgresql://me@h:5432/d", "the password of user 'x'", "a@b", "10:30 at https://example.org/a"):
        assert redact(text) == text
