"""Many deliveries at the same moment, each over a connection of its own."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
import stripe_shop as shop
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from stripe_shop import checkout, left_behind, request

from commerce.ordering.numbers import order_number
from commerce.stripe_webhook import EventState, receive, receive_async
from helpers import executed, sqlalchemy_url

MANY = 50

Delivery = Callable[[str, str, list[dict[str, Any]], str | None], Counter[EventState]]


@pytest.fixture
def database(commerce_database: str) -> str:
    shop.stock(commerce_database)
    return commerce_database


def in_threads(url: str, driver: str, events: list[dict[str, Any]], level: str | None) -> Counter[EventState]:
    """Deliver all of them at once: every thread has its connection open before the first one begins."""
    options = {"isolation_level": level} if level else {}
    engine = sa.create_engine(sqlalchemy_url(url, driver), pool_size=len(events), **options)
    gate = threading.Barrier(len(events))

    def deliver(event: dict[str, Any]) -> EventState:
        with Session(engine) as session, engine.connect() as held:
            held.execute(sa.text("SELECT 1"))
            gate.wait(timeout=60)
            held.close()
            gate.wait(timeout=60)
            return receive(session, *request(event)).state

    with ThreadPoolExecutor(len(events)) as pool:
        states = Counter(pool.map(deliver, events))
    engine.dispose()
    return states


def in_tasks(url: str, driver: str, events: list[dict[str, Any]], level: str | None) -> Counter[EventState]:
    """The same in one thread, with asyncio."""

    async def all_of_them() -> Counter[EventState]:
        options = {"isolation_level": level} if level else {}
        engine = create_async_engine(sqlalchemy_url(url, driver), pool_size=len(events), **options)
        held = [await engine.connect() for _ in events]
        for connection in held:
            await connection.close()

        async def deliver(event: dict[str, Any]) -> EventState:
            async with AsyncSession(engine) as session:
                return (await receive_async(session, *request(event))).state

        states = Counter(await asyncio.gather(*map(deliver, events)))
        await engine.dispose()
        return states

    return asyncio.run(all_of_them())


WAYS = [
    pytest.param(in_threads, "psycopg", id="threads-psycopg"),
    pytest.param(in_threads, "psycopg2", id="threads-psycopg2"),
    pytest.param(in_tasks, "psycopg", id="asyncio-psycopg"),
    pytest.param(in_tasks, "asyncpg", id="asyncio-asyncpg"),
]


@pytest.mark.parametrize(("deliver", "driver"), WAYS)
def test_one_event_delivered_fifty_times_at_once_makes_one_order(deliver: Delivery, driver: str, database: str) -> None:
    states = deliver(database, driver, [checkout()] * MANY, None)
    assert states == {EventState.PROCESSED: 1, EventState.DUPLICATE: MANY - 1}
    assert {table: len(rows) for table, rows in left_behind(database).items()} == {
        "orders": 1,
        "order_items": 2,
        "order_events": 2,
        "payments": 1,
        "invoices": 1,
        "webhook_events": 1,
    }
    assert executed(database, "SELECT attempts FROM webhook_events") == [(1,)]


@pytest.mark.parametrize(("deliver", "driver"), WAYS)
@pytest.mark.parametrize("level", ["SERIALIZABLE", "AUTOCOMMIT"])
def test_the_engines_isolation_level_does_not_matter(level: str, deliver: Delivery, driver: str, database: str) -> None:
    states = deliver(database, driver, [checkout()] * 10, level)
    assert states == {EventState.PROCESSED: 1, EventState.DUPLICATE: 9}
    assert len(left_behind(database)["orders"]) == 1


@pytest.mark.parametrize(("deliver", "driver"), WAYS)
def test_fifty_checkouts_at_once_are_fifty_orders(deliver: Delivery, driver: str, database: str) -> None:
    states = deliver(database, driver, [checkout(str(number)) for number in range(MANY)], None)
    assert states == {EventState.PROCESSED: MANY}
    left = left_behind(database)
    assert len({row["order_number"] for row in left["orders"]}) == MANY
    assert len({row["invoice_number"] for row in left["invoices"]}) == MANY


@pytest.mark.parametrize(("deliver", "driver"), WAYS)
def test_two_events_of_one_checkout_at_once_make_one_order(deliver: Delivery, driver: str, database: str) -> None:
    events = [checkout(event=f"event{number}") for number in range(20)]
    assert deliver(database, driver, events, None) == {EventState.PROCESSED: 20}
    left = left_behind(database)
    assert (len(left["orders"]), len(left["payments"]), len(left["webhook_events"])) == (1, 1, 20)


def test_order_numbers_of_a_day_are_all_different() -> None:
    day = datetime(2025, 11, 29, tzinfo=UTC)
    numbers = {order_number(f"cs_{number}", day) for number in range(20_000)}
    assert len(numbers) == 20_000
    assert {len(number) for number in numbers} == {23}
    assert order_number("cs_1", day) in numbers
