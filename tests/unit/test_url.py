"""Database URLs: what is read, what is written for whom, and that no password is ever shown."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import make_url

from headworks.postgres.errors import MalformedUrl
from headworks.postgres.url import DRIVERS, DatabaseUrl

PASSWORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)


def read(text: str) -> dict[str, str]:
    return DatabaseUrl.parse(text).parameters


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", *(f"postgresql+{driver}" for driver in DRIVERS)])
def test_schemes(scheme: str) -> None:
    url = DatabaseUrl.parse(f" {scheme}://me:secret@db.example:5433/shop ")
    assert url.parameters == {
        "user": "me",
        "password": "secret",
        "host": "db.example",
        "port": "5433",
        "dbname": "shop",
    }
    assert url.driver == (scheme.partition("+")[2] or None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgresql:///shop?host=/run/pg", {"host": "/run/pg", "dbname": "shop"}),
        ("postgresql://%2Frun%2Fpg/shop", {"host": "/run/pg", "dbname": "shop"}),
        ("postgresql://me@[::1]:5433/shop", {"user": "me", "host": "::1", "port": "5433", "dbname": "shop"}),
        ("postgresql://a:1,b:2/shop", {"host": "a,b", "port": "1,2", "dbname": "shop"}),
        ("postgresql+psycopg2:///shop?host=a:1&host=b:2", {"host": "a,b", "port": "1,2", "dbname": "shop"}),
        ("postgresql+psycopg:///shop?host=a&host=b", {"host": "a,b", "port": ",", "dbname": "shop"}),
        ("postgresql:///?host=a:1", {"host": "a", "port": "1"}),
        ("postgresql://h/d?application_name=a@b", {"host": "h", "dbname": "d", "application_name": "a@b"}),
        ("postgresql://h:1?application_name=a@b", {"host": "h", "port": "1", "application_name": "a@b"}),
        ("postgresql://h/d@b", {"host": "h", "dbname": "d@b"}),
        ("postgresql://", {}),
        ("host=h password='a b' dbname=d", {"host": "h", "password": "a b", "dbname": "d"}),
    ],
)  # fmt: skip
def test_forms(text: str, expected: dict[str, str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("password", ["p@w", "p/w", "p?w", "p?a=w", "p#w", "p:w", "50%off", "p w", "[p]", "p%40w", "+"])
def test_passwords_as_sqlalchemy_takes_them(password: str) -> None:
    """Not encoded as they should be, and taken all the same; `%40` is `@` wherever it stands."""
    expected = password.replace("%40", "@")
    assert read(f"postgresql://me:{password}@h/d") == {"user": "me", "password": expected, "host": "h", "dbname": "d"}
    assert read(f"postgresql://me:{password}@h:1/d?sslmode=prefer")["password"] == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mysql://me:secret@h/d", "its scheme is 'mysql'"),
        ("secret", "it has no postgresql:// in front"),
        ("", "it has no postgresql:// in front"),
        ("sec ret://x", "it has no postgresql:// in front"),
        ("postgresql://me:%FFsecret@h/d", "its % codes are not UTF-8"),
        ("postgresql://h:secret/d", "its port is no number"),
        ("postgresql://h/d?sslmod=require", "there is no parameter sslmod; is it sslmode?"),
    ],
)
def test_what_is_no_url(text: str, reason: str) -> None:
    with pytest.raises(MalformedUrl) as caught:
        DatabaseUrl.parse(text, source="$DATABASE_URL")
    assert str(caught.value) == f"$DATABASE_URL: not a PostgreSQL URL: {reason}"


@given(PASSWORDS, st.sampled_from(DRIVERS))
def test_any_password_comes_round(password: str, driver: str) -> None:
    parameters = {"user": "me", "password": password, "host": "h", "dbname": "d"}
    url = DatabaseUrl(parameters)
    assert DatabaseUrl.parse(url.libpq()) == url
    assert DatabaseUrl.parse(url.conninfo) == url
    text = url.sqlalchemy(driver)
    assert DatabaseUrl.parse(text).parameters == parameters
    theirs = make_url(text)
    assert (theirs.username, theirs.password, theirs.host, theirs.database) == ("me", password, "h", "d")


@given(PASSWORDS.filter(lambda password: len(password) > 5))
def test_no_password_is_shown(password: str) -> None:
    secret = f"s3cr3t{password}"
    for url in (
        DatabaseUrl({"user": "me", "password": secret, "sslpassword": secret, "host": "h", "dbname": "d"}),
        DatabaseUrl({"password": secret}, "asyncpg", (("password2", secret),)),
    ):
        assert "s3cr3t" not in f"{url} {url!r} {url.address} {url.__rich_repr__()}"


@given(st.text(max_size=40), st.sampled_from(["postgresql://", "postgres://me:", "postgresql+asyncpg://", "host=", ""]))
def test_any_text_is_read_or_refused(text: str, before: str) -> None:
    try:
        url = DatabaseUrl.parse(before + text)
    except MalformedUrl:
        return
    assert DatabaseUrl.parse(url.libpq()).parameters == {key: value for key, value in url.parameters.items() if value}


@given(PASSWORDS)
@example("://")
def test_an_error_never_repeats_the_password(password: str) -> None:
    for text in (f"postgresql://me:s3cr3t{password}%00@h/d", f"mysql://me:s3cr3t{password}@h", f"s3cr3t{password}"):
        try:
            shown = str(DatabaseUrl.parse(text))
        except MalformedUrl as error:
            shown = f"{error} {error.advice}"
        assert "s3cr3t" not in shown


def test_what_only_a_driver_knows_is_for_it_alone() -> None:
    url = DatabaseUrl.parse("postgresql+asyncpg://me@h/d?prepared_statement_cache_size=0&ssl=require")
    assert url.parameters["sslmode"] == "require"
    assert dict(make_url(url.sqlalchemy("asyncpg")).query) == {"prepared_statement_cache_size": "0", "ssl": "require"}
    assert dict(make_url(url.sqlalchemy("psycopg")).query) == {"sslmode": "require"}
    for_asyncpg = DatabaseUrl.parse("postgresql:///d?hostaddr=::1&connect_timeout=3&application_name=x").sqlalchemy(
        "asyncpg"
    )
    assert make_url(for_asyncpg) == make_url("postgresql+asyncpg://[::1]/d")


def test_another_database_and_its_defaults() -> None:
    url = DatabaseUrl.parse("postgresql://me@h/d").with_database("other")
    assert (url.database, url.user, url.port, url.address) == ("other", "me", "5432", "h:5432")
    assert DatabaseUrl.parse("postgresql://me@h").database == "me"
    assert DatabaseUrl({}).address == "the default socket, port 5432"
    assert DatabaseUrl({"host": "/run/pg"}).address == "/run/pg"
