"""One delivery at a time: what an event leaves behind, and when it leaves nothing."""

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
import stripe_shop as shop
from commerce_catalog import ROOT
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from stripe_shop import checkout, failed, left_behind, refunded, request, succeeded

from commerce.models.integrations import WebhookEvent
from commerce.ordering import errors
from commerce.ordering.lines import Line, checkout_metadata
from commerce.stripe_webhook import EventState, Receipt, receive, receive_async, retry, retry_async
from helpers import executed, sqlalchemy_url

Deliver = Callable[[dict[str, Any]], Receipt]


@pytest.fixture
def database(commerce_database: str) -> str:
    shop.stock(commerce_database)
    return commerce_database


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    engine = sa.create_engine(sqlalchemy_url(database))
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def deliver(session: Session) -> Deliver:
    return lambda event: receive(session, *request(event))


def test_a_paid_checkout_is_an_order(deliver: Deliver, database: str) -> None:
    event = checkout()
    assert deliver(event) == Receipt("evt_checkout_1", "checkout.session.completed", EventState.PROCESSED)
    left = left_behind(database)
    [order] = left["orders"]
    number = order.pop("order_number")
    assert order == {
        "user_id": str(shop.USER),
        "status": "paid",
        "currency": "EUR",
        "subtotal_amount": 359.79,
        "discount_amount": 0.00,
        "tax_amount": 68.36,
        "total_amount": 428.15,
        "billing_country_code": "DE",
        "billing_address": {
            "address": {"city": "Berlin", "country": "DE", "line1": "Weg 1", "line2": None, "postal_code": "10115"},
            "email": "buyer@example.org",
            "name": "A. Buyer",
            "tax_exempt": "none",
        },
        "customer_note": None,
        "paid_at": "2025-11-29T12:00:00+00:00",
        "completed_at": None,
        "cancelled_at": None,
    }
    common = {"order": number, "variant": None, "tax_rate": 19.00}
    assert left["order_items"] == [
        {"product": "audit", "name": "Profile audit", "quantity": 1, "unit_amount": 19.99, "total_amount": 19.99}
        | {"configuration": {}}
        | common,
        {"product": "growth", "name": "Growth", "quantity": 2, "unit_amount": 169.90, "total_amount": 339.80}
        | {"configuration": {"options": ["posts/five"], "addons": ["reels"], "fields": {"handle": "@shop"}}}
        | common,
    ]
    assert [(row["event_type"], row["from_status"], row["to_status"]) for row in left["order_events"]] == [
        ("order_placed", None, "pending"),
        ("payment_succeeded", "pending", "paid"),
    ]
    [payment] = left["payments"]
    assert payment == {
        "order": number,
        "stripe_payment_intent_id": "pi_1",
        "status": "succeeded",
        "amount": 428.15,
        "refunded_amount": 0,
        "currency": "EUR",
        "payment_method": None,
        "failure_code": None,
        "failure_message": None,
        "paid_at": "2025-11-29T12:00:00+00:00",
    }
    [invoice] = left["invoices"]
    assert invoice == {
        "order": number,
        "invoice_number": f"R-{number}",
        "status": "paid",
        "currency": "EUR",
        "net_amount": 359.79,
        "tax_amount": 68.36,
        "gross_amount": 428.15,
        "issued_on": "2025-11-29",
        "due_on": "2025-11-29",
        "paid_at": "2025-11-29T12:00:00+00:00",
        "lexoffice_invoice_id": None,
    }
    [row] = left["webhook_events"]
    assert row == {
        "provider": "stripe",
        "external_id": "evt_checkout_1",
        "event_type": "checkout.session.completed",
        "payload": event,
        "processed_at": True,
        "last_error": None,
    }


def test_an_order_is_pending_until_a_delayed_payment_succeeds(deliver: Deliver, database: str) -> None:
    deliver(checkout(payment_status="unpaid"))
    left = left_behind(database)
    assert (left["orders"][0]["status"], left["orders"][0]["paid_at"]) == ("pending", None)
    assert (left["payments"][0]["status"], left["invoices"][0]["status"]) == ("pending", "open")
    deliver(succeeded())
    left = left_behind(database)
    assert (left["orders"][0]["status"], left["orders"][0]["paid_at"]) == ("paid", "2025-11-29T12:00:02+00:00")
    assert (left["payments"][0]["status"], left["invoices"][0]["status"]) == ("succeeded", "paid")


def test_an_event_that_comes_again_changes_nothing(deliver: Deliver, database: str) -> None:
    deliver(checkout())
    before = executed(database, "SELECT attempts, updated_at, processed_at FROM webhook_events"), left_behind(database)
    assert [deliver(checkout()).state for _ in range(3)] == [EventState.DUPLICATE] * 3
    after = executed(database, "SELECT attempts, updated_at, processed_at FROM webhook_events"), left_behind(database)
    assert after == before


def test_a_second_event_about_the_same_checkout_makes_no_second_order(deliver: Deliver, database: str) -> None:
    """Stripe sometimes makes two events of one occurrence; only the ids of the objects tell."""
    deliver(checkout())
    before = left_behind(database)
    assert deliver(checkout(event="again")).state is EventState.PROCESSED
    after = left_behind(database)
    assert len(after.pop("webhook_events")) == 2
    assert len(before.pop("webhook_events")) == 1
    assert after == before


@pytest.mark.parametrize(
    "event",
    [
        pytest.param({**checkout(), "type": "customer.created"}, id="unknown type"),
        pytest.param(checkout(mode="subscription", payment_intent=None, subscription="sub_1"), id="subscription"),
        pytest.param(checkout(mode="setup", currency=None, amount_total=None, amount_subtotal=None), id="setup"),
        pytest.param(refunded(payment_intent=None), id="charge without an intent"),
    ],
)
def test_what_is_not_ours_is_recorded_and_left(event: dict[str, Any], deliver: Deliver, database: str) -> None:
    assert deliver(event).state is EventState.LEFT
    left = left_behind(database)
    [row] = left.pop("webhook_events")
    assert (row["processed_at"], row["last_error"], row["payload"]) == (True, None, event)
    assert not any(left.values())
    assert deliver(event).state is EventState.DUPLICATE


BODY = shop.body_of(checkout())


@pytest.mark.parametrize(
    ("body", "signature", "secret"),
    [
        pytest.param(BODY, None, shop.SECRET, id="none"),
        pytest.param(BODY, "", shop.SECRET, id="empty"),
        pytest.param(BODY, "t=1,v1=\N{SNOWMAN}", shop.SECRET, id="no hex"),
        pytest.param(BODY, "nonsense", shop.SECRET, id="nonsense"),
        pytest.param(BODY, shop.sign(BODY, "whsec_of_another"), shop.SECRET, id="another secret"),
        pytest.param(BODY.replace(b"42815", b"42816"), shop.sign(BODY), shop.SECRET, id="another body"),
        pytest.param(BODY.replace(b"  ", b" "), shop.sign(BODY), shop.SECRET, id="the same JSON, written anew"),
        pytest.param(BODY, shop.sign(BODY).replace("v1=", "v0="), shop.SECRET, id="scheme of test clocks"),
        pytest.param(BODY, shop.sign(BODY, ""), "", id="no secret set"),
        pytest.param(BODY, shop.sign(BODY, at=time.time() - 1000), shop.SECRET, id="too old"),
        pytest.param(b"\xff", shop.sign(b"\xff"), shop.SECRET, id="no text"),
    ],
)
def test_what_stripe_did_not_sign_leaves_no_row(
    body: bytes, signature: str | None, secret: str, session: Session, database: str
) -> None:
    with pytest.raises(errors.BadSignature) as caught:
        receive(session, body, signature, secret)
    assert not any(left_behind(database).values())
    assert shop.SECRET not in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"object": "event"}', b'{"id": 1, "type": "x"}'])
def test_a_signed_body_that_is_no_event_leaves_no_row(body: bytes, session: Session, database: str) -> None:
    with pytest.raises(errors.BadEvent):
        receive(session, body, shop.sign(body), shop.SECRET)
    assert not any(left_behind(database).values())


def test_tolerance_is_the_callers(session: Session) -> None:
    signature = shop.sign(BODY, at=time.time() - 1000)
    assert receive(session, BODY, signature, shop.SECRET, tolerance=2000).state is EventState.PROCESSED


def buying(*lines: Line, **changes: Any) -> dict[str, Any]:
    return checkout(metadata=checkout_metadata(shop.USER, lines), **changes)


REFUSED = {
    "product": (buying(Line(product="gone")), errors.UnknownProduct(slug="gone")),
    "variant": (
        buying(Line(product="audit", variant="growth-l")),
        errors.UnknownChoice(slug="audit", what="variant", name="growth-l"),
    ),
    "option": (
        buying(Line(product="growth", options=("posts/six",))),
        errors.UnknownChoice(slug="growth", what="option", name="posts/six"),
    ),
    "add-on": (
        buying(Line(product="audit", addons=("reels",))),
        errors.UnknownChoice(slug="audit", what="add-on", name="reels"),
    ),
    "user": (
        checkout(metadata=checkout_metadata(shop.USER.__class__(int=1), shop.LINES)),
        errors.UnknownUser(user_id="00000000-0000-0000-0000-000000000001"),
    ),
    "no metadata": (checkout(metadata={}), errors.BadCheckoutMetadata(reason="user_id is no UUID")),
    "no lines": (
        checkout(metadata={"user_id": str(shop.USER)}),
        errors.BadCheckoutMetadata(reason="no key begins with line_"),
    ),
    "quantity": (
        checkout(metadata={"user_id": str(shop.USER), "line_01": '{"product": "audit", "quantity": 0}'}),
        errors.BadCheckoutMetadata(reason="line_01: Expected `int` >= 1 - at `$.quantity`"),
    ),
    "yen": (checkout(currency="jpy"), errors.UnknownCurrency(currency="JPY")),
    "currency": (
        checkout(currency="usd"),
        errors.CurrencyMismatch(what="product growth", found="EUR", expected="USD"),
    ),
    "currency of a product": (
        buying(Line(product="abroad")),
        errors.CurrencyMismatch(what="product abroad", found="USD", expected="EUR"),
    ),
    "currency of a variant": (
        buying(Line(product="growth", variant="growth-usd")),
        errors.CurrencyMismatch(what="product growth", found="USD", expected="EUR"),
    ),
    "a cent less": (
        checkout(amount_subtotal=35978, amount_total=42814),
        errors.AmountMismatch(what="subtotal", found="359.78", expected="359.79", currency="EUR"),
    ),
    "shipping": (
        checkout(amount_total=43315),
        errors.AmountMismatch(what="total", found="433.15", expected="428.15", currency="EUR"),
    ),
    "tax": (
        checkout(tax=6839, amount_total=42818),  # 3 cents more than 19 %, and 2 lines may be 2 cents off
        errors.TaxMismatch(found="68.39", expected="68.36", currency="EUR", country="DE"),
    ),
    "tax of nowhere": (
        checkout(customer_details=None),
        errors.UnknownVatRate(category="standard", country="an unknown country", day="2025-11-29"),
    ),
    "no payment intent": (
        checkout(payment_intent=None),
        errors.UnexpectedShape(reason="a checkout that was charged for, without a payment intent"),
    ),
    "shape": (
        checkout(amount_total="428.15"),
        errors.UnexpectedShape(reason="Expected `int | null`, got `str` - at `$.amount_total`"),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_event_is_recorded_with_its_reason(case: str, deliver: Deliver, database: str) -> None:
    event, refusal = REFUSED[case]
    receipt = deliver(event)
    assert (receipt.state, receipt.reason) == (EventState.REFUSED, str(refusal))
    left = left_behind(database)
    [row] = left.pop("webhook_events")
    assert (row["processed_at"], row["last_error"]) == (False, f"refused: {refusal}")
    assert not any(left.values())


def test_a_refused_event_is_tried_again_when_what_it_lacked_is_there(
    session: Session, deliver: Deliver, database: str
) -> None:
    event = buying(Line(product="new"), amount_subtotal=500, amount_total=500, tax=0)
    assert deliver(event).state is EventState.REFUSED
    assert deliver(succeeded(amount=500, amount_received=500)).state is EventState.WAITING
    executed(database, "INSERT INTO products (slug, name, price) VALUES ('new', 'New', 5)")
    assert retry(session, "evt_checkout_1").state is EventState.PROCESSED
    left = left_behind(database)
    assert [row["last_error"] for row in left["webhook_events"]] == [None, None]
    assert left["orders"][0]["status"] == "paid"
    assert retry(session, "evt_checkout_1").state is EventState.DUPLICATE
    with pytest.raises(errors.UnknownEvent):
        retry(session, "evt_of_nobody")


@pytest.mark.parametrize(
    ("event", "refusal"),
    [
        (
            succeeded(amount_received=42814),
            errors.AmountMismatch(what="payment", found="428.14", expected="428.15", currency="EUR"),
        ),
        (succeeded(currency="usd"), errors.CurrencyMismatch(what="payment", found="USD", expected="EUR")),
        (succeeded(currency="jpy"), errors.UnknownCurrency(currency="JPY")),
        (
            refunded(amount=42816),
            errors.AmountMismatch(what="refund", found="428.16", expected="428.15", currency="EUR"),
        ),
        (refunded(currency="chf"), errors.CurrencyMismatch(what="payment", found="CHF", expected="EUR")),
    ],
)
def test_amounts_of_later_events_are_checked(
    event: dict[str, Any], refusal: errors.Refusal, deliver: Deliver, database: str
) -> None:
    deliver(checkout())
    before = left_behind(database)
    receipt = deliver(event)
    assert (receipt.state, receipt.reason) == (EventState.REFUSED, str(refusal))
    after = left_behind(database)
    assert len(after.pop("webhook_events")) == 1 + len(before.pop("webhook_events"))
    assert after == before


def test_no_tax_is_a_reverse_charge(deliver: Deliver, database: str) -> None:
    deliver(checkout(tax=0, amount_total=35979, customer_details={"address": {"country": "FR"}}))
    left = left_behind(database)
    assert left["orders"][0]["tax_amount"] == 0
    assert {row["tax_rate"] for row in left["order_items"]} == {0}


def test_rates_by_category_discount_and_day(deliver: Deliver, database: str) -> None:
    """119.90 net of which 10 at 7 %; half of it given away; the rates of the day of the checkout."""
    event = buying(
        Line(product="growth", options=("posts/one",), quantity=1),
        Line(product="audit"),
        Line(product="ebook"),
        amount_subtotal=11999,
        discount=6000,
        tax=1079,  # (109.99 x 19 % + 10.00 x 7 %) x 59.99 / 119.99 = 10.798
        amount_total=7078,
    )
    assert deliver(event).reason is None
    left = left_behind(database)
    assert {row["product"]: row["tax_rate"] for row in left["order_items"]} == {"growth": 19, "audit": 19, "ebook": 7}
    assert left["invoices"][0]["net_amount"] == 59.99


def test_the_rate_is_that_of_the_day(deliver: Deliver, database: str) -> None:
    event = buying(Line(product="audit"), created=1606780800, amount_subtotal=1999, tax=320, amount_total=2319)
    assert deliver(event).reason is None  # 2020-12-01: 16 %
    assert left_behind(database)["order_items"][0]["tax_rate"] == 16


def test_a_variant_has_its_own_price(deliver: Deliver, database: str) -> None:
    event = buying(Line(product="growth", variant="growth-l"), amount_subtotal=25000, tax=4750, amount_total=29750)
    assert deliver(event).reason is None
    [item] = left_behind(database)["order_items"]
    assert (item["variant"], item["name"], item["unit_amount"]) == ("growth-l", "Growth, large", 250)


def test_an_order_of_nothing_is_paid_without_a_payment(deliver: Deliver, database: str) -> None:
    free = {"payment_status": "no_payment_required", "payment_intent": None, "amount_subtotal": 0, "amount_total": 0}
    event = buying(Line(product="gift"), tax=0, **free)
    assert deliver(event).state is EventState.PROCESSED
    assert deliver(buying(Line(product="gift"), tax=0, event="again", **free)).state is EventState.PROCESSED
    left = left_behind(database)
    assert [row["status"] for row in left["orders"]] == ["paid"]
    assert [row["status"] for row in left["invoices"]] == ["paid"]
    assert left["payments"] == []


def test_a_withdrawn_product_that_was_paid_for_is_delivered(deliver: Deliver, database: str) -> None:
    executed(database, "UPDATE products SET deleted_at = now(), status = 'archived'")
    assert deliver(checkout()).state is EventState.PROCESSED


def test_refunds_add_up_and_end_the_order(deliver: Deliver, database: str) -> None:
    for event in (checkout(), refunded(amount=815, event="some")):
        deliver(event)
    [payment], [order] = (left_behind(database)[table] for table in ("payments", "orders"))
    assert (payment["status"], payment["refunded_amount"]) == ("partially_refunded", 8.15)
    assert (order["status"], payment["payment_method"]) == ("paid", "card")
    deliver(refunded())
    [payment], [order] = (left_behind(database)[table] for table in ("payments", "orders"))
    assert (payment["status"], payment["refunded_amount"], order["status"]) == ("refunded", 428.15, "refunded")


def test_what_the_shop_did_to_an_order_stays(deliver: Deliver, database: str) -> None:
    """Money for an order that was cancelled here is recorded; the order does not come back to life."""
    deliver(checkout(payment_status="unpaid"))
    executed(database, "UPDATE orders SET status = 'cancelled', cancelled_at = now()")
    deliver(succeeded())
    deliver(refunded())
    left = left_behind(database)
    assert [row["status"] for row in left["orders"]] == ["cancelled"]
    assert [row["status"] for row in left["payments"]] == ["refunded"]


def test_the_latest_failure_is_shown(deliver: Deliver, database: str) -> None:
    deliver(checkout(payment_status="unpaid"))
    deliver(failed(event="second", at=shop.NOON - 10, code="expired_card"))
    deliver(failed(event="first", at=shop.NOON - 20, code="lost_card"))
    left = left_behind(database)
    [payment] = left["payments"]
    assert (payment["status"], payment["failure_code"]) == ("failed", "expired_card")
    assert payment["failure_message"] == "Declined: expired_card."
    assert [row["payload"].get("code") for row in left["order_events"]] == ["lost_card", "expired_card", None]
    assert left["orders"][0]["status"] == "pending"


def test_text_that_postgresql_has_no_room_for_does_not_lose_the_order(deliver: Deliver, database: str) -> None:
    details = {"name": "A\0B \ud800 C", "address": {"country": "DE"}}
    assert deliver(checkout(customer_details=details)).state is EventState.PROCESSED
    assert left_behind(database)["orders"][0]["billing_address"]["name"] == "A\ufffdB \ufffd C"


def test_a_session_in_the_middle_of_something_is_not_taken(session: Session, database: str) -> None:
    session.scalar(sa.select(sa.func.count()).select_from(WebhookEvent))
    with pytest.raises(sa.exc.InvalidRequestError, match="already begun"):
        receive(session, *request(checkout()))
    session.rollback()
    assert not any(left_behind(database).values())


@pytest.mark.parametrize("driver", ["psycopg", "asyncpg"])
def test_async_is_the_same(driver: str, database: str, deliver: Deliver) -> None:
    events = [succeeded(), refunded(), buying(Line(product="gone"), purchase="2"), checkout(), checkout()]
    receipts = [deliver(event) for event in events]
    left = left_behind(database)
    shop.sweep(database)

    async def all_of_them() -> list[Receipt]:
        engine = create_async_engine(sqlalchemy_url(database, driver))
        async with AsyncSession(engine) as session:
            received = [await receive_async(session, *request(event)) for event in events]
            assert (await retry_async(session, "evt_checkout_2")).state is EventState.REFUSED
        await engine.dispose()
        return received

    assert asyncio.run(all_of_them()) == receipts
    assert left_behind(database) == left


def test_the_endpoint_in_the_docs_answers_stripe(database: str) -> None:
    [example] = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "stripe.md").read_text(), re.DOTALL)
    engine = sa.create_engine(sqlalchemy_url(database))
    names: dict[str, Any] = {"Session": Session, "engine": engine, "WEBHOOK_SECRET": shop.SECRET}
    exec(example, names)
    body, signature, _ = request(checkout())
    asked = [{"Stripe-Signature": signature}, {"Stripe-Signature": "t=1,v1=0"}, {}]
    answers = [names["webhook"](SimpleNamespace(body=body, headers=headers)) for headers in asked]
    assert answers == [200, 400, 400]
    assert len(left_behind(database)["orders"]) == 1
    engine.dispose()
