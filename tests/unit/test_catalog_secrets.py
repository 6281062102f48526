"""What a picture keeps of options and connection strings."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import make_conninfo

from headworks.catalog.secrets import cleaner
from headworks.schema import Column, Function, Object, Procedure, Server, Setting, Subscription, Table, UserMapping


def cleaned(item: Object) -> Object:
    clean = cleaner(type(item))
    assert clean is not None
    return clean(item)


def server(*options: str) -> Server:
    return Server(name="s", wrapper="w", options=options)


@pytest.mark.parametrize(
    "name",
    ["password", "sslpassword", "PASSWD", "passfile", "passphrase", "pwd", "odbc_PWD", "client_secret", "auth_token",
     "sslkey", "api_key", "access_key_id", "credentials", "pass", "auth", "authorization", "sas", "connection_string",
     "shared_access_signature"],
)  # fmt: skip
def test_options_that_sound_like_secrets_lose_their_value(name: str) -> None:
    assert cleaned(server(f"{name}=s3=cr3t")) == server(f"{name}=***")


@pytest.mark.parametrize(
    "option",
    ["user=me", "host=h", "password_required=false", "fetch_size=1=2", "a=", "x=pass me", "author=me", "passive=on"],
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
    assert cleaner(Column, b'[{"name":"a"}]') is None


def test_what_routines_set_and_columns_hold() -> None:
    settings = ("app.password=x", "search_path=public")
    kept = ("app.password=***", "search_path=public")
    for kind, more in ((Function, {"returns": "integer"}), (Procedure, {})):
        found = cleaned(kind(schema="s", name="f()", language="sql", body="", settings=settings, **more))
        assert found == kind(schema="s", name="f()", language="sql", body="", settings=kept, **more)
    column = Column(schema="s", table="t", name="c", type="text", fdw_options=("password=x", "column_name=d"))
    assert cleaned(column) == msgspec.structs.replace(column, fdw_options=("password=***", "column_name=d"))


WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@given(WORDS, WORDS, WORDS)
def test_a_connection_string_loses_its_secrets(host: str, user: str, secret: str) -> None:
    secret = f"s3cr3t{secret}"
    text = make_conninfo("", host=host, user=user, password=secret, sslkey=secret, sslmode="verify-full")
    found = cleaned(Subscription(name="s", connection=(text,)))
    assert found == Subscription(name="s", connection=(f"host={host}", f"user={user}", "sslmode=verify-full"))


def test_a_connection_string_that_is_not_understood_was_not_visible() -> None:
    found = cleaned(Subscription(name="s", connection=("host=h of_tomorrow=s3cr3t",)))
    assert found == Subscription(name="s", connection=None)
