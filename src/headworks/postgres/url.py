"""Database URLs: read by libpq's own rules, written for libpq and for SQLAlchemy, never shown with a password."""

import difflib
import functools
import re
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

import msgspec
from psycopg import ProgrammingError, conninfo, pq

from headworks.postgres.errors import MalformedUrl

__all__ = ["DRIVERS", "DatabaseUrl"]

DRIVERS = ("psycopg", "psycopg2", "asyncpg")
"""SQLAlchemy drivers that headworks hands a URL to, in the order in which an installed one is looked for."""

_SCHEME = re.compile(r"(?P<dialect>postgres(?:ql)?)(?:\+(?P<driver>\w+))?://(?P<rest>.*)", re.DOTALL)
_QUERY = re.compile(r"\?(?=\w+=|$)")
_NO_PORT = re.compile(r"(?!\[)[^/]*:(?!\d*(?:[,/]|$))")  # user:secret, not host:5432
_PLAIN_HOST = re.compile(r"[\w.:-]+")
_HOST_AND_PORT = re.compile(r"(?P<host>[A-Za-z0-9.-]+)(?::(?P<port>\d*))?")
# asyncpg says `ssl` for what libpq calls `sslmode`; the values are the same words. Its other settings are no strings,
# and SQLAlchemy would hand it strings.
_FROM_ASYNCPG = {"ssl": "sslmode"}
_TO_ASYNCPG = {keyword: name for name, keyword in _FROM_ASYNCPG.items()}
_ASYNCPG_KEYWORDS = {"passfile", "sslmode", "target_session_attrs"}
_PLACE = ("user", "password", "host", "port", "dbname")


class DatabaseUrl(msgspec.Struct, frozen=True):
    """Where a database is.

    `parameters` are libpq's keywords with their values; `driver` is the SQLAlchemy driver that the URL named, if any;
    `extra` are query parameters that only that driver knows (`prepared_statement_cache_size`), kept for it alone;
    `ours`: on a server of our own, which has nothing to do with what the environment says to libpq (`variables.py`).
    """

    parameters: dict[str, str]
    driver: str | None = None
    extra: tuple[tuple[str, str], ...] = ()
    ours: bool = False

    @classmethod
    def parse(cls, text: str, *, source: str = "--url") -> "DatabaseUrl":
        """Read `postgres://`, `postgresql://`, `postgresql+DRIVER://` or a libpq `key=value` string.

        `source` says in errors where the text came from. Raises `MalformedUrl`; its message never repeats the text.
        """
        text = text.strip()
        match = _SCHEME.fullmatch(text)
        driver = None
        extra: list[tuple[str, str]] = []
        try:
            if match:
                driver = match["driver"]
                text, extra = _for_libpq(match["rest"], driver)
            elif "://" in text.partition("=")[0] or "=" not in text:  # a value of key=value may hold ://
                scheme = text.partition("://")[0] if "://" in text else ""
                # Letters, and maybe a driver: what is no scheme may be the password, pasted without its URL.
                known_scheme = re.fullmatch(r"[a-z]+(\+[a-z0-9]+)?", scheme)
                raise ValueError(f"its scheme is {scheme!r}" if known_scheme else "it has no postgresql:// in front")
            parsed = conninfo.conninfo_to_dict(text)
        except UnicodeDecodeError:
            raise MalformedUrl(source=source, reason="its % codes are not UTF-8") from None
        except ValueError as error:
            raise MalformedUrl(source=source, reason=error) from None
        except ProgrammingError as error:
            # libpq quotes the part that it stumbled on, which may be the password.
            reason = re.sub(r'"[^"]*"|\'[^\']*\'', "...", str(error).strip())
            raise MalformedUrl(source=source, reason=reason) from None
        parameters = {key: str(value) for key, value in parsed.items() if value is not None}
        if not re.fullmatch(r"[\d,]*", parameters.get("port", "")):
            raise MalformedUrl(source=source, reason="its port is no number")
        return cls(parameters, driver, tuple(extra))

    @property
    def database(self) -> str:
        """The database's name; libpq's default is the user's name, then the operating system's."""
        return self.parameters.get("dbname") or self.user

    @property
    def user(self) -> str:
        """The role that connects."""
        if user := self.parameters.get("user"):
            return user
        default = {option.keyword.decode(): option.val for option in pq.Conninfo.get_defaults()}.get("user")
        return default.decode() if default else ""

    @property
    def host(self) -> str:
        """Host, socket folder, or a comma-separated list of them; empty for libpq's default socket."""
        return self.parameters.get("host", "")

    @property
    def port(self) -> str:
        """Port, or a comma-separated list of them."""
        return self.parameters.get("port", "5432")

    @property
    def address(self) -> str:
        """`host:port`, or the socket's folder; safe to show."""
        if not self.host:
            return f"the default socket, port {self.port}"
        return self.host if self.host.startswith("/") else f"{self.host}:{self.port}"

    @property
    def conninfo(self) -> str:
        """The libpq connection string (with the password)."""
        return conninfo.make_conninfo("", **self.parameters)

    def with_database(self, name: str) -> "DatabaseUrl":
        """The same server, another database."""
        return msgspec.structs.replace(self, parameters={**self.parameters, "dbname": name})

    def without_secrets(self) -> "DatabaseUrl":
        """The same without password and keys."""
        shown = {key: value for key, value in self.parameters.items() if key not in _secrets()}
        return self if shown == self.parameters else msgspec.structs.replace(self, parameters=shown)

    def libpq(self) -> str:
        """A `postgresql://` URL for psql, pg_dump and psycopg (with the password)."""
        return self._render("postgresql", {}, self.parameters)

    def sqlalchemy(self, driver: str) -> str:
        """A SQLAlchemy URL for `driver` (with the password); what the driver cannot take is left out."""
        own = dict(self.extra) if driver == self.driver else {}
        parameters = self.parameters
        if driver == "asyncpg":
            kept = {key: value for key, value in parameters.items() if key in _PLACE or key in _ASYNCPG_KEYWORDS}
            parameters = {_TO_ASYNCPG.get(key, key): value for key, value in kept.items()}
            if not self.host and "hostaddr" in self.parameters:
                parameters["host"] = self.parameters["hostaddr"]
        return self._render(f"postgresql+{driver}", own, parameters)

    def _render(self, scheme: str, extra: dict[str, str], parameters: dict[str, str]) -> str:
        get = parameters.get
        query = {key: value for key, value in parameters.items() if key not in _PLACE} | extra
        host, port = get("host", ""), get("port", "")
        netloc = ""
        if _PLAIN_HOST.fullmatch(host):
            netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
        elif scheme == "postgresql" or "," not in host:
            query |= {key: get(key, "") for key in ("host", "port") if get(key)}
        pairs = list(query.items())
        if not netloc and "," in host and scheme != "postgresql":  # SQLAlchemy's own form for several hosts
            ports = port.split(",") if "," in port else [port or "5432"] * len(host.split(","))
            pairs += [("host", f"{h}:{p}") for h, p in zip(host.split(","), ports, strict=False)]
        login = quote(get("user", ""), safe="")
        if get("password") is not None:
            login += ":" + quote(get("password", ""), safe="")
        text = f"{scheme}://{login}@{netloc}" if login else f"{scheme}://{netloc}"
        text += "/" + quote(get("dbname", ""), safe="")
        return text + ("?" + urlencode(pairs, quote_via=quote, safe="/:") if pairs else "")

    def __str__(self) -> str:
        """The URL without its password."""
        return self.without_secrets().libpq()

    def __repr__(self) -> str:
        return f"DatabaseUrl({self})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """msgspec's own would show the parameters."""
        return [("url", str(self))]


def _for_libpq(rest: str, driver: str | None) -> tuple[str, list[tuple[str, str]]]:
    """What follows `://` as a URL that libpq reads, and the query parameters that it does not know.

    As in SQLAlchemy the login reaches to the last `@`: a password may hold `@`, `/` or `?` as they are.
    """
    found = _QUERY.search(rest)
    front, query = (rest[: found.start()], rest[found.end() :]) if found else (rest, "")
    if "@" not in front and "@" in query and _NO_PORT.match(front):
        front, query = rest, ""
    login, at, place = front.rpartition("@")
    user, colon, password = login.partition(":")
    if "/" in user:
        login, at, place, user, colon = "", "", front, "", ""
    pairs = [(_FROM_ASYNCPG.get(key, key) if driver == "asyncpg" else key, value) for key, value in _pairs(query)]
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    extra = [(key, value) for key, value in pairs if key not in known]
    for key, _ in extra:
        if alike := difflib.get_close_matches(key, known, n=1, cutoff=0.85):  # sslmod=require would be no require
            raise ValueError(f"there is no parameter {key}; is it {alike[0]}?")
    query = urlencode([pair for pair in pairs if pair not in extra], quote_via=quote)
    words = [quote(unquote(word, errors="strict"), safe="") for word in (user, password)]
    return f"postgresql://{words[0]}{colon}{words[1] if colon else ''}{at}{place}" + (
        f"?{query}" if query else ""
    ), extra


def _pairs(query: str) -> list[tuple[str, str]]:
    """The parameters of a query; SQLAlchemy's `host=A:1&host=B:2` as libpq's `host=A,B` and `port=1,2`."""
    pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    hosts = [_HOST_AND_PORT.fullmatch(value) for key, value in pairs if key == "host"]
    if not (len(hosts) > 1 or any(host and host["port"] for host in hosts)) or not all(hosts):
        return pairs
    several = [(host["host"], host["port"] or "") for host in hosts if host]
    others = [(key, value) for key, value in pairs if key not in ("host", "port")]
    return [*others, ("host", ",".join(host for host, _ in several)), ("port", ",".join(port for _, port in several))]


@functools.cache
def _secrets() -> frozenset[str]:
    """libpq's keywords whose values it hides in forms, and the keys that stand for a password."""
    options = pq.Conninfo.get_defaults()
    hidden = {option.keyword.decode() for option in options if option.dispchar == b"*"}
    return frozenset(hidden | {"scram_client_key", "scram_server_key"})
