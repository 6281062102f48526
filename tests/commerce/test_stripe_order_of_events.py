"""Whatever the order in which Stripe's events come, they end in the same rows."""

import itertools
import json
import random
import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
import stripe_shop as shop
from sqlalchemy.orm import Session
from stripe_shop import canceled, checkout, failed, left_behind, lost, refunded, request, succeeded

from commerce.stripe_webhook import EventState, receive
from helpers import sqlalchemy_url

Events = Sequence[dict[str, Any]]

#: A payment that is sure at the checkout, as a card's is, and one that is not, as a direct debit's.
PURCHASES: dict[str, Events] = {
    "sure": (
        checkout(),
        failed(),
        succeeded(at=shop.NOON),
        refunded(amount=1000, event="part", at=shop.NOON + 60),
        refunded(at=shop.NOON + 70),
    ),
    "delayed": (
        checkout(payment_status="unpaid"),
        failed(event="first", code="debit_not_authorized"),
        failed(event="second", code="insufficient_funds", at=shop.NOON + 30),
        succeeded(at=shop.NOON + 60),
        refunded(amount=1000, event="part", at=shop.NOON + 120),
    ),
    "never paid": (
        checkout(payment_status="unpaid"),
        failed(event="first", code="expired_card", at=shop.NOON + 5),
        failed(event="second", code="lost_card", at=shop.NOON + 5),  # within the same second
        failed(event="third", code="do_not_honor", at=shop.NOON + 4),
    ),
    "lost": (
        checkout(payment_status="unpaid"),
        failed(event="first", code="debit_not_authorized", at=shop.NOON + 400),
        lost(),
    ),
    "canceled": (checkout(payment_status="unpaid"), failed(event="first", at=shop.NOON + 30), canceled()),
    "never placed": (failed(), succeeded(), refunded(), lost(), canceled()),
}


@pytest.fixture
def database(commerce_database: str) -> str:
    shop.stock(commerce_database)
    return commerce_database


@pytest.fixture
def engine(database: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(sqlalchemy_url(database), pool_size=20)
    yield engine
    engine.dispose()


def of_purchase(purchase: str, name: str) -> Events:
    """The events of a purchase, under another name than 1: `cs_1` is `cs_<name>`."""
    events: Events = json.loads(re.sub(r"_1\b", f"_{name}", json.dumps(PURCHASES[purchase])))
    return events


def by_purchase(left: dict[str, list[dict[str, Any]]]) -> dict[str, list[tuple[str, str]]]:
    """The rows of each purchase, by table, with its name and its order's number taken out."""
    numbers = {row["order"]: row["stripe_payment_intent_id"].removeprefix("pi_") for row in left["payments"]}
    rows: dict[str, list[tuple[str, str]]] = {}
    for table, found in left.items():
        for row in found:
            number = row.get("order") or row.get("order_number")
            name = numbers[number] if number else row["external_id"].rpartition("_")[2]
            text = re.sub(rf"_{name}\b", "_1", json.dumps(row, sort_keys=True)).replace(str(number), "NUMBER")
            rows.setdefault(name, []).append((table, text))
    return rows


@pytest.mark.parametrize("purchase", PURCHASES)
def test_every_order_ends_the_same(purchase: str, engine: sa.Engine, database: str) -> None:
    """All permutations, each as a purchase of its own."""
    orders = list(itertools.permutations(range(len(PURCHASES[purchase]))))
    for number, order in enumerate(orders):
        events = of_purchase(purchase, f"{number:03}")
        with Session(engine) as session:
            states = {receive(session, *request(events[index])).state for index in order}
        assert states <= {EventState.PROCESSED, EventState.WAITING}
    left = by_purchase(left_behind(database))
    assert len(left) == len(orders)
    expected = left["000"]
    for number, order in enumerate(orders):
        assert left[f"{number:03}"] == expected, order
    rows = [json.loads(row) for table, row in expected if table == "webhook_events"]
    placed = purchase != "never placed"
    assert [row["processed_at"] for row in rows] == [placed] * len(PURCHASES[purchase])
    assert len([row for table, row in expected if table == "orders"]) == placed


def test_the_state_in_which_they_end(engine: sa.Engine, database: str) -> None:
    ends = {}
    for purchase, events in PURCHASES.items():
        with Session(engine) as session:
            for event in reversed(events):
                receive(session, *request(event))
        left = left_behind(database)
        ends[purchase] = [left[table][0]["status"] for table in ("orders", "payments", "invoices") if left[table]]
        shop.sweep(database)
    assert ends == {
        "sure": ["refunded", "refunded", "paid"],
        "delayed": ["paid", "partially_refunded", "paid"],
        "never paid": ["pending", "failed", "open"],
        "lost": ["cancelled", "failed", "void"],
        "canceled": ["cancelled", "cancelled", "void"],
        "never placed": [],
    }


@pytest.mark.parametrize("purchase", PURCHASES)
def test_all_at_once_and_twice_end_the_same(purchase: str, engine: sa.Engine, database: str) -> None:
    """Every event by two threads, all let go at the same moment, many times over."""
    deliveries = list(PURCHASES[purchase]) * 2
    with Session(engine) as session:
        for event in PURCHASES[purchase]:
            receive(session, *request(event))
    expected = left_behind(database)
    shuffled = random.Random(purchase)
    gate = threading.Barrier(len(deliveries))

    def deliver(event: dict[str, Any]) -> EventState:
        with Session(engine) as session:
            session.connection()  # the connection is made before the gate opens
            session.rollback()
            gate.wait(timeout=30)
            return receive(session, *request(event)).state

    with ThreadPoolExecutor(len(deliveries)) as pool:
        for _ in range(10):
            shop.sweep(database)
            shuffled.shuffle(deliveries)
            states = list(pool.map(deliver, deliveries))
            assert {*states} <= {EventState.PROCESSED, EventState.WAITING, EventState.DUPLICATE}
            assert left_behind(database) == expected
