"""The roles and tablespaces that revisions make, which all databases of a server share, kept apart.

A history that makes a role is run many times on one server, in one scratch database after the other: each must find the
server as the first one did. So what appears while a scratch database is there goes with it, and what an older one has
made, which lives on beside it, has another name until the newer one is gone; whatever refers to it goes by its number.
"""

import contextlib
from collections.abc import Collection, Iterator
from contextvars import ContextVar
from typing import Any, TypeAlias

import msgspec
import psycopg
from psycopg import sql

__all__ = ["Apart", "at_work", "kept_apart"]

# What initdb has made has a lower number.
_THERE = """
SELECT 'ROLE', oid::int8, rolname::text FROM pg_catalog.pg_roles WHERE oid >= 16384
UNION ALL SELECT 'TABLESPACE', oid::int8, spcname::text FROM pg_catalog.pg_tablespace WHERE oid >= 16384
ORDER BY 2
"""

# Roles that objects of this database refer to, and none of another one. A membership refers to its roles, too.
_NEEDED_THERE = """
SELECT refobjid::int8
FROM pg_catalog.pg_shdepend
WHERE refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
    AND classid <> 'pg_catalog.pg_auth_members'::pg_catalog.regclass
GROUP BY refobjid
HAVING bool_and(dbid IN (SELECT oid FROM pg_catalog.pg_database WHERE datname = ANY(%(all)s)))
    AND bool_or(dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = %(one)s))
"""

_Admin: TypeAlias = "psycopg.Connection[Any]"


class _Thing(msgspec.Struct, frozen=True):
    """A role or a tablespace (`kind` is the word of SQL)."""

    kind: str
    number: int
    name: str


class _Scratch(msgspec.Struct):
    """A scratch database that is there: what was there before it, what it has made, what was renamed for its sake."""

    name: str
    template: str | None
    before: frozenset[int]
    made: list[_Thing] = []
    aside: list[_Thing] = []


class Apart:
    """Keeps apart what the scratch databases of one server make; the newest one is the one that is worked in.

    On a server that is `ours` alone, all that appears was made by it. On another one somebody else may make roles
    meanwhile: there it is the roles alone that objects of the scratch database refer to, and of no other database.
    """

    def __init__(self, *, ours: bool) -> None:
        self._ours = ours
        self._scratch: list[_Scratch] = []
        self._gone: dict[str, None] = {}  # names of roles that went with their databases
        self._together = False

    def enter(self, admin: _Admin, name: str, template: str | None) -> None:
        """The scratch database `name` is about to be made; as a copy of `template` it has what that one made."""
        self._note(admin)
        new = _Scratch(name, template, frozenset())
        if not self._together:
            family = self._family(template)
            for other in self._scratch:
                if other.name not in family:
                    new.aside += [one for one in other.made if _renamed(admin, one, f"headworks_aside_{one.number}")]
        new.before = frozenset(one.number for one in _there(admin))
        self._scratch.append(new)

    def adopt(self, admin: _Admin, name: str, besides: Collection[str]) -> None:
        """`name` is a scratch database that was there when the server started, and made all but these names."""
        there = _there(admin)
        new = _Scratch(name, None, frozenset(one.number for one in there if one.name in besides))
        new.made = [one for one in there if one.number not in new.before]
        self._scratch.append(new)

    def leaves(self, admin: _Admin, name: str) -> None:
        """The scratch database is about to be dropped."""
        if self._scratch and self._scratch[-1].name == name:
            self._note(admin)

    def left(self, admin: _Admin, name: str) -> None:
        """It has been dropped: what it made goes, and what was renamed for its sake is there again."""
        for found in [one for one in self._scratch if one.name == name]:
            self._scratch.remove(found)
            _drop(admin, found.made)
            self._gone |= dict.fromkeys(one.name for one in found.made if one.kind == "ROLE")
            for one in found.aside:
                _renamed(admin, one, one.name)

    @contextlib.contextmanager
    def roles_again(self, admin: _Admin) -> Iterator[None]:
        """For the `with` block: the roles that revisions made are there, without rights: models may name them."""
        there = {one.name for one in _there(admin)}
        with contextlib.suppress(psycopg.Error):
            for name in self._gone.keys() - there:
                admin.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
        made = [one for one in _there(admin) if one.name not in there]
        self._together = True
        try:
            yield
        finally:
            self._together = False
            _drop(admin, made)

    def _note(self, admin: _Admin) -> None:
        """What has appeared since the newest one was made is its."""
        if self._scratch:
            newest = self._scratch[-1]
            known = newest.before | {one.number for one in newest.made}
            found = [one for one in _there(admin) if one.number not in known]
            if found and not self._ours:
                names = {"all": [one.name for one in self._scratch], "one": newest.name}
                needed = {number for (number,) in admin.execute(_NEEDED_THERE, names).fetchall()}
                found = [one for one in found if one.kind == "ROLE" and one.number in needed]
            newest.made = [*newest.made, *found]

    def _family(self, template: str | None) -> set[str]:
        """A template, that one's template, and so on."""
        found: set[str] = set()
        while template is not None:
            found.add(template)
            template = next((one.template for one in self._scratch if one.name == template), None)
        return found


_AT_WORK: ContextVar[Apart | None] = ContextVar("headworks_apart", default=None)


@contextlib.contextmanager
def kept_apart(*, ours: bool) -> Iterator[None]:
    """For the `with` block, scratch databases are kept apart; `ours`: their server is a throw-away one."""
    token = _AT_WORK.set(Apart(ours=ours))
    try:
        yield
    finally:
        _AT_WORK.reset(token)


def at_work() -> Apart | None:
    """Who keeps scratch databases apart now, if somebody does."""
    return _AT_WORK.get()


def _there(admin: _Admin) -> list[_Thing]:
    return [_Thing(*row) for row in admin.execute(_THERE).fetchall()]


def _renamed(admin: _Admin, thing: _Thing, name: str) -> bool:
    """Whether it could be: it may be gone."""
    current = next((one.name for one in _there(admin) if one.number == thing.number), None)
    if current is None:
        return False
    statement = sql.SQL("ALTER {} {} RENAME TO {}").format(
        sql.SQL(thing.kind), sql.Identifier(current), sql.Identifier(name)
    )
    try:
        admin.execute(statement)
    except psycopg.Error:
        return False
    return True


def _drop(admin: _Admin, made: Collection[_Thing]) -> None:
    """All of these that nothing refers to; again as long as one goes, as they refer to each other."""
    numbers = {one.number for one in made}
    before = -1
    while numbers and (left := [one for one in _there(admin) if one.number in numbers]) and len(left) != before:
        before = len(left)
        for one in left:
            with contextlib.suppress(psycopg.Error):
                admin.execute(sql.SQL("DROP {} {}").format(sql.SQL(one.kind), sql.Identifier(one.name)))
