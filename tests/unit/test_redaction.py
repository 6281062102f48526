"""No output ever shows a password."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headworks.errors import HeadworksError
from headworks.redaction import is_secret, redact

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


@pytest.mark.parametrize(
    "text",
    [
        "CREATE ROLE r LOGIN PASSWORD 's3cr3t' VALID UNTIL 'infinity'", "alter role r encrypted password E's3\\'cr3t'",
        "ALTER ROLE r PASSWORD'it''s s3cr3t'", "ALTER ROLE r PASSWORD U&'s3cr3t'", "ALTER ROLE r PASSWORD $$s3cr3t$$",
        "ALTER ROLE r PASSWORD $a$s3$$cr3t$a$", "ALTER ROLE r PASSWORD /* new */ 's3cr3t'",
        "CREATE USER MAPPING FOR u SERVER s OPTIONS (user 'a', password 's3cr3t')",
        "ALTER USER MAPPING FOR u SERVER s OPTIONS (SET \"password\" 's3cr3t', sslpassword 's3cr3t')",
        "DO $$BEGIN EXECUTE 'ALTER ROLE r PASSWORD ''s3cr3t'''; END$$",
        "DO $$BEGIN EXECUTE format('ALTER ROLE r PASSWORD %L', 's3cr3t'); END$$",
        "SELECT dblink_connect('host=h password=''s3 cr3t''')", "ALTER ROLE r PASSWORD 's3' 'cr3t'",
        # as a report cuts a long statement
        "CREATE ROLE r LOGIN PASSWORD 's3cr3t...", "CREATE ROLE r LOGIN PASSWORD $x$s3cr3t...",
    ],
)  # fmt: skip
def test_statements(text: str) -> None:
    assert "cr3t" not in redact(text)
    assert "***" in redact(text)


def test_of_a_statement_the_rest_stays() -> None:
    text = "CREATE ROLE r PASSWORD 'x' VALID UNTIL 'tomorrow'; OPTIONS (password 'y', user 'a')"
    assert redact(text) == "CREATE ROLE r PASSWORD '***' VALID UNTIL 'tomorrow'; OPTIONS (password '***', user 'a')"


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://me@h:5432/d", "the password of user 'x'", "a@b", "10:30 at https://example.org/a",
        "COMMENT ON COLUMN u.password IS 'x'", "ADD COLUMN password text DEFAULT ''", "ALTER ROLE r PASSWORD NULL",
        "the password's length, and the user's name",
    ],
)  # fmt: skip
def test_what_is_no_password_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "name",
    ["password", "Password_Hash", "api_key", "apiKey", "accessToken", "client_secret", "tokens", "credentials", "pwd"],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["key", "password_required", "tokenizer", "secretary", "token_type", "passenger"])
def test_names_of_no_secrets(name: str) -> None:
    assert not is_secret(name)
