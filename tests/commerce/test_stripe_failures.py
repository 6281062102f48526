"""What breaks half-way leaves an event to be tried again, and nothing else; the next delivery makes it whole.

Every statement of a delivery is the one after which it breaks: an exception in Python, a server process that is ended
(the connection is lost), and a `kill -9` of the whole process.
"""

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
import stripe_shop as shop
from commerce_catalog import ROOT
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from stripe_shop import checkout, left_behind, lost, request, succeeded

from commerce.stripe_webhook import EventState, receive, receive_async
from helpers import executed, sqlalchemy_url
from processes import python

EFFECTS = ("orders", "order_items", "order_events", "payments", "invoices")
UNPAID = checkout(payment_status="unpaid")
Break = Callable[[sa.Connection], None]


class Broken(Exception):
    """Raised by a test."""


class Breaker:
    """Counts an engine's statements and breaks after one of them, or from it on."""

    def __init__(self, engine: sa.Engine, act: Break) -> None:
        self.statements, self.at, self.always, self._act = 0, 0, False, act
        sa.event.listen(engine, "after_cursor_execute", self._after)

    def arm(self, at: int, *, always: bool = False) -> None:
        self.statements, self.at, self.always = 0, at, always

    def _after(self, connection: sa.Connection, *_: Any) -> None:
        self.statements += 1
        if self.at and (self.statements == self.at or (self.always and self.statements > self.at)):
            self._act(connection)


def throw(_: sa.Connection) -> None:
    raise Broken("half-way")


def end_backend(connection: sa.Connection) -> None:
    """Have the server end the process behind the connection, which notices at its next statement."""
    driver = connection.connection.dbapi_connection
    assert isinstance(driver, psycopg.Connection)
    with psycopg.connect(driver.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [driver.info.backend_pid])


@pytest.fixture
def database(commerce_database: str) -> str:
    shop.stock(commerce_database)
    return commerce_database


@pytest.fixture
def engine(database: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(sqlalchemy_url(database))
    yield engine
    engine.dispose()


def deliver(engine: sa.Engine, event: dict[str, Any]) -> EventState:
    with Session(engine) as session:
        return receive(session, *request(event)).state


def events_of(left: dict[str, list[dict[str, Any]]]) -> dict[str, tuple[bool, str]]:
    """Of each event whether it is processed, and the first word of its error."""
    return {
        row["external_id"]: (row["processed_at"], (row["last_error"] or "").partition(":")[0])
        for row in left["webhook_events"]
    }


@pytest.mark.parametrize(
    ("act", "second", "end"),
    [(throw, succeeded(), "paid"), (end_backend, succeeded(), "paid"), (throw, lost(), "cancelled")],
    ids=["throw", "end_backend", "throw-lost"],
)
def test_a_failure_after_any_statement_leaves_nothing_but_a_retryable_event(
    act: Break, second: dict[str, Any], end: str, engine: sa.Engine, database: str
) -> None:
    """A checkout that takes along what waited for it: two events, each applied whole or not."""
    deliver(engine, second)
    breaker = Breaker(engine, act)
    breaker.arm(0)
    assert deliver(engine, UNPAID) is EventState.PROCESSED
    statements, expected = breaker.statements, left_behind(database)
    assert statements > 20
    assert expected["orders"][0]["status"] == end
    outcomes = set()
    for at in range(1, statements + 1):
        breaker.arm(0)
        shop.sweep(database)
        deliver(engine, second)
        breaker.arm(at)
        with pytest.raises((Broken, sa.exc.DBAPIError)) as caught:
            deliver(engine, UNPAID)
        assert not getattr(caught.value, "__notes__", []), at
        left = left_behind(database)
        events = events_of(left)
        if events["evt_checkout_1"] == (True, ""):  # it broke the second one, or between the two
            assert events[second["id"]] in ((False, "failed"), (False, "waiting")), at
            assert [row["status"] for row in left["orders"]] == ["pending"], at
            outcomes.add("the checkout alone")
        else:
            assert events == {"evt_checkout_1": (False, "failed"), second["id"]: (False, "waiting")}, at
            assert not any(left[table] for table in EFFECTS), at
            outcomes.add("nothing")
        breaker.arm(0)
        deliver(engine, UNPAID)
        assert left_behind(database) == expected, at
    assert outcomes == {"nothing", "the checkout alone"}


@pytest.mark.parametrize("driver", ["psycopg", "asyncpg"])
def test_the_same_in_asyncio(driver: str, database: str) -> None:
    async def all_of_it() -> None:
        engine = create_async_engine(sqlalchemy_url(database, driver))
        breaker = Breaker(engine.sync_engine, throw)

        async def deliver() -> EventState:
            async with AsyncSession(engine) as session:
                return (await receive_async(session, *request(checkout()))).state

        assert await deliver() is EventState.PROCESSED
        statements, expected = breaker.statements, left_behind(database)
        for at in range(1, statements + 1):
            shop.sweep(database)
            breaker.arm(at)
            with pytest.raises(Broken):
                await deliver()
            left, committed = left_behind(database), at == statements  # the last one looks for what waits
            assert events_of(left) == {"evt_checkout_1": (True, "") if committed else (False, "failed")}, at
            assert any(left[table] for table in EFFECTS) is committed, at
            breaker.arm(0)
            assert await deliver() is (EventState.DUPLICATE if committed else EventState.PROCESSED)
            assert left_behind(database) == expected, at
        await engine.dispose()

    asyncio.run(all_of_it())


def test_a_commit_that_fails_leaves_a_retryable_event(engine: sa.Engine, database: str) -> None:
    """By a constraint that the server looks at when it commits."""
    executed(
        database,
        "CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not today'; END $$",
        "CREATE CONSTRAINT TRIGGER tr_never AFTER INSERT ON invoices DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION never()",
    )
    with pytest.raises(sa.exc.DBAPIError, match="not today"):
        deliver(engine, checkout())
    left = left_behind(database)
    [row] = left.pop("webhook_events")
    assert (row["processed_at"], row["last_error"]) == (False, "failed: RaiseException: not today")
    assert not any(left.values())
    executed(database, "DROP TRIGGER tr_never ON invoices")
    assert deliver(engine, checkout()) is EventState.PROCESSED
    assert executed(database, "SELECT attempts FROM webhook_events") == [(2,)]


def test_without_a_database_nothing_is_left_and_the_first_error_is_raised(engine: sa.Engine, database: str) -> None:
    breaker = Breaker(engine, throw)
    breaker.arm(12, always=True)
    with pytest.raises(Broken) as caught:
        deliver(engine, checkout())
    assert caught.value.__notes__ == ["the event could not be recorded either: Broken: half-way"]
    assert not any(left_behind(database).values())


def test_the_record_of_a_failure_does_not_undo_a_success(engine: sa.Engine, database: str) -> None:
    """The same event again succeeds between the failure and its record."""

    def overtaken(connection: sa.Connection) -> None:
        connection.connection.dbapi_connection.rollback()  # type: ignore[union-attr]
        other = sa.create_engine(sqlalchemy_url(database))
        assert deliver(other, checkout()) is EventState.PROCESSED
        other.dispose()
        raise Broken("too late")

    breaker = Breaker(engine, overtaken)
    breaker.arm(1)
    with pytest.raises(Broken):
        deliver(engine, checkout())
    assert events_of(left_behind(database)) == {"evt_checkout_1": (True, "")}
    assert len(left_behind(database)["orders"]) == 1


def test_what_is_recorded_of_a_failure_holds_nothing_of_the_buyer(engine: sa.Engine, database: str) -> None:
    executed(database, "ALTER TABLE orders ADD CONSTRAINT ck_none CHECK (total_amount < 0) NOT VALID")
    with pytest.raises(sa.exc.IntegrityError, match=r"buyer@example\.org"):
        deliver(engine, checkout())
    [row] = left_behind(database)["webhook_events"]
    assert row["last_error"] == (
        'failed: CheckViolation: new row for relation "orders" violates check constraint "ck_none"'
    )


def test_a_waiting_event_that_cannot_be_applied_does_not_undo_the_checkout(engine: sa.Engine, database: str) -> None:
    executed(database, "ALTER TABLE payments ADD CONSTRAINT ck_unpaid CHECK (paid_at IS NULL)")
    assert deliver(engine, succeeded()) is EventState.WAITING
    with pytest.raises(sa.exc.IntegrityError):  # so that Stripe comes again
        deliver(engine, UNPAID)
    left = left_behind(database)
    assert events_of(left) == {"evt_checkout_1": (True, ""), "evt_succeeded_1": (False, "failed")}
    assert [left[table][0]["status"] for table in ("orders", "payments", "invoices")] == ["pending", "pending", "open"]
    executed(database, "ALTER TABLE payments DROP CONSTRAINT ck_unpaid")
    assert deliver(engine, UNPAID) is EventState.DUPLICATE
    left = left_behind(database)
    assert [left[table][0]["status"] for table in ("orders", "payments", "invoices")] == ["paid", "succeeded", "paid"]


def test_a_task_that_is_cancelled_leaves_nothing(database: str) -> None:
    """It waits for another delivery about the same payment, longer than its caller does."""

    async def all_of_it() -> EventState:
        engine = create_async_engine(sqlalchemy_url(database, "asyncpg"))
        with psycopg.connect(database) as other:
            other.execute("SELECT pg_advisory_xact_lock(hashtextextended('pi_1', 0))")
            with pytest.raises(asyncio.TimeoutError):
                async with AsyncSession(engine) as session:
                    await asyncio.wait_for(receive_async(session, *request(checkout())), timeout=0.5)
        assert not any(left_behind(database).values())
        async with AsyncSession(engine) as session:
            receipt = await receive_async(session, *request(checkout()))
        await engine.dispose()
        return receipt.state

    assert asyncio.run(all_of_it()) is EventState.PROCESSED


_KILLED = """
import json, os, signal, sys
import sqlalchemy as sa
import stripe_shop as shop
from sqlalchemy.orm import Session
from commerce.stripe_webhook import receive
from helpers import sqlalchemy_url

url = sys.argv[1]
# No connection outlives a delivery, so none is shared with a child; what SQLAlchemy has compiled is.
engine = sa.create_engine(sqlalchemy_url(url), poolclass=sa.NullPool)

def deliver():
    with Session(engine) as session:
        receive(session, *shop.request(shop.checkout()))

def killed(at):
    # a process that is killed after its n-th statement, or (0) after the last commit
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        deliver()
        os.kill(os.getpid(), signal.SIGKILL)
    finally:
        os._exit(1)

def count(*_):
    global counted
    counted += 1
    if counted == at:
        os.kill(os.getpid(), signal.SIGKILL)

counted, at = 0, None
sa.event.listen(engine, "after_cursor_execute", count)
deliver()
statements = counted
report = [(-1, statements, shop.left_behind(url), None)]
for at in range(statements + 1):
    shop.sweep(url)
    counted = 0
    code = killed(at)
    after_kill = shop.left_behind(url)
    counted = statements
    deliver()
    report.append((at, code, after_kill, shop.left_behind(url)))
print(json.dumps(report))
"""


def test_a_killed_process_leaves_nothing_and_the_next_delivery_makes_it_whole(database: str) -> None:
    """`kill -9` after every statement. What is left to retry is Stripe's: it had no answer."""
    path = os.pathsep.join(map(str, (ROOT / "tests", ROOT / "tests" / "commerce", ROOT / "src")))
    with python(_KILLED, database, env=os.environ | {"PYTHONPATH": path}) as process:
        out, err = process.communicate(timeout=500)
    assert process.returncode == 0, err
    (_, statements, expected, _), committed, *killed = json.loads(out)
    assert len(killed) == statements > 15
    assert committed[1:] == [-9, expected, expected]
    for at, code, after_kill, after_retry in killed:
        assert code == -9, at
        if at < statements:
            assert not any(after_kill.values()), at
        else:  # the last one looks for what waits, after the commit
            assert after_kill == expected
        assert after_retry == expected, at
