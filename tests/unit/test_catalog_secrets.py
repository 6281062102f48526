"""What a picture keeps of options and connection strings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import make_conninfo

from headworks.catalog.secrets import cleaner
from headworks.schema import Object, Server, Setting, Subscription, Table, UserMapping


def cleaned(item: Object) -> Object:
    clean = cleaner(type(item))
    assert clean is not None
    return clean(item)


def server(*options: str) -> Server:
    return Server(name="s", wrapper="w", options=options)


@pytest.mark.parametrize(
    "name",
    ["password", "sslpassword", "PASSWD", "passfile", "passphrase", "pwd", "odbc_PWD", "client_secret", "auth_token",
     "sslkey", "api_key", "access_key_id", "credentials"],
)  # fmt: skip
def test_options_that_sound_like_secrets_lose_their_value(name: str) -> None:
    assert cleaned(server(f"{name}=s3=cr3t")) == server(f"{name}=***")


@pytest.mark.parametrize(
    "option", ["user=me", "host=h", "password_required=false", "fetch_size=1=2", "a=", "x=pass me"]
)
def test_other_options_are_kept(option: str) -> None:
    assert cleaned(server(option)) == server(option)


def test_what_was_not_visible_stays_so() -> None:
    mapping = UserMapping(name="r", server="s", options=None)
    assert cleaned(mapping) == mapping
    subscription = Subscription(name="s", connection=None)
    assert cleaned(subscription) == subscription


def test_settings() -> None:
    assert cleaned(Setting(role="", name="app.secret", value="x")) == Setting(role="", name="app.secret", value="***")
    kept = Setting(role="", name="password_encryption", value="md5")
    assert cleaned(kept) == kept


def test_a_kind_without_secrets() -> None:
    assert cleaner(Table) is None


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@given(WORDS, WORDS, WORDS)
def test_a_connection_string_keeps_its_place_alone(host: str, user: str, secret: str) -> None:
    secret = f"s3cr3t{secret}"
    text = make_conninfo("", host=host, user=user, password=secret, sslkey=secret)
    found = cleaned(Subscription(name="s", connection=(text,)))
    assert found == Subscription(name="s", connection=(f"host={host}", f"user={user}"))


def test_a_connection_string_that_is_not_understood_was_not_visible() -> None:
    found = cleaned(Subscription(name="s", connection=("host=h of_tomorrow=s3cr3t",)))
    assert found == Subscription(name="s", connection=None)
