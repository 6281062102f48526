"""A shop with something on its shelves, the events that Stripe sends about a purchase, and what they leave behind.

The shapes of the objects are those of https://docs.stripe.com/api; the signature is made here from Stripe's description
of it, so that the library's check has a witness.
"""

import hmac
import json
import time
import uuid
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.rows import dict_row
from sqlalchemy.orm import Session

from commerce.enums import Currency
from commerce.models.auth import User
from commerce.models.billing import VatRate
from commerce.models.commerce import Product, ProductAddon, ProductOption, ProductOptionGroup, ProductVariant
from commerce.ordering.lines import Line, checkout_metadata
from helpers import sqlalchemy_url

__all__ = [
    "LINES",
    "SECRET",
    "USER",
    "body_of",
    "checkout",
    "failed",
    "left_behind",
    "refunded",
    "request",
    "sign",
    "stock",
    "succeeded",
    "sweep",
]

SECRET = "whsec_for_tests"
USER = uuid.UUID("01900000-0000-7000-8000-000000000001")

#: 2 x (100.00 + 20.00 + 49.90) and 19.99: 359.79, and 19 % of it.
LINES = (
    Line(product="growth", quantity=2, options=("posts/five",), addons=("reels",), fields={"handle": "@shop"}),
    Line(product="audit"),
)
AMOUNTS = {"amount_subtotal": 35979, "amount_total": 42815}
TAX = 6836
NOON = 1764417600  # 2025-11-29 12:00 UTC


def stock(url: str) -> None:
    """Put a buyer, products and VAT rates into a database."""
    engine = sa.create_engine(sqlalchemy_url(url), poolclass=sa.pool.NullPool)
    since = {"source": "a test", "checked_on": date(2025, 11, 1)}
    with Session(engine) as session, session.begin():
        growth = Product(slug="growth", name="Growth", price=Decimal("100.00"))
        session.add_all(
            [
                User(id=USER, email="buyer@example.org"),
                growth,
                Product(slug="audit", name="Profile audit", price=Decimal("19.99")),
                Product(slug="ebook", name="E-book", price=Decimal("10.00"), vat_category="reduced"),
                Product(slug="abroad", name="Abroad", price=Decimal("10.00"), currency=Currency.USD),
                Product(slug="gift", name="Gift", price=Decimal(0)),
                ProductVariant(product=growth, sku="growth-l", name="large", price=Decimal("250.00")),
                ProductVariant(
                    product=growth, sku="growth-usd", name="abroad", price=Decimal("260.00"), currency=Currency.USD
                ),
                ProductOptionGroup(
                    product=growth,
                    slug="posts",
                    name="Posts a week",
                    options=[
                        ProductOption(slug="five", name="Five", price_difference=Decimal("20.00")),
                        ProductOption(slug="one", name="One", price_difference=Decimal("-10.00")),
                    ],
                ),
                ProductAddon(product=growth, slug="reels", name="Reels", price=Decimal("49.90")),
                VatRate(country_code="DE", category="standard", rate=19, valid_from=date(2021, 1, 1), **since),
                VatRate(
                    country_code="DE",
                    category="standard",
                    rate=16,
                    valid_from=date(2020, 7, 1),
                    valid_to=date(2021, 1, 1),
                    **since,
                ),
                VatRate(country_code="DE", category="reduced", rate=7, valid_from=date(2021, 1, 1), **since),
            ]
        )
    engine.dispose()


def sweep(url: str) -> None:
    """Take away what events left behind."""
    with psycopg.connect(url) as connection:
        for table in ("webhook_events", "invoices", "payments", "order_events", "order_items", "orders"):
            connection.execute(f"DELETE FROM {table}".encode())


def _event(kind: str, about: Mapping[str, Any], number: str, at: int) -> dict[str, Any]:
    return {
        "id": f"evt_{number}",
        "object": "event",
        "api_version": "2025-06-30.basil",
        "created": at,
        "data": {"object": dict(about)},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


def checkout(
    purchase: str = "1", *, event: str = "checkout", at: int = NOON, tax: int = TAX, discount: int = 0, **changes: Any
) -> dict[str, Any]:
    """`checkout.session.completed`; `changes` are fields of the session."""
    session = {
        "id": f"cs_{purchase}",
        "object": "checkout.session",
        "created": NOON - 600,
        "currency": "eur",
        "customer_details": {
            "address": {"city": "Berlin", "country": "DE", "line1": "Weg 1", "line2": None, "postal_code": "10115"},
            "email": "buyer@example.org",
            "name": "A. Buyer",
            "phone": None,
            "tax_exempt": "none",
            "tax_ids": [],
        },
        "line_items": None,
        "metadata": checkout_metadata(USER, LINES),
        "mode": "payment",
        "payment_intent": f"pi_{purchase}",
        "payment_status": "paid",
        "status": "complete",
        "total_details": {"amount_discount": discount, "amount_shipping": 0, "amount_tax": tax},
        **AMOUNTS,
        **changes,
    }
    return _event("checkout.session.completed", session, f"{event}_{purchase}", at)


def _intent(purchase: str, **changes: Any) -> dict[str, Any]:
    total = AMOUNTS["amount_total"]
    intent = {"id": f"pi_{purchase}", "object": "payment_intent", "amount": total, "currency": "eur", "metadata": {}}
    return {**intent, "latest_charge": f"ch_{purchase}", **changes}


def succeeded(purchase: str = "1", *, event: str = "succeeded", at: int = NOON + 2, **changes: Any) -> dict[str, Any]:
    """`payment_intent.succeeded`."""
    changes = {"amount_received": AMOUNTS["amount_total"], "status": "succeeded", **changes}
    return _event("payment_intent.succeeded", _intent(purchase, **changes), f"{event}_{purchase}", at)


def failed(
    purchase: str = "1", *, event: str = "failed", at: int = NOON - 60, code: str = "insufficient_funds", **changes: Any
) -> dict[str, Any]:
    """`payment_intent.payment_failed`, with the card's reason."""
    error = {"type": "card_error", "code": "card_declined", "decline_code": code, "message": f"Declined: {code}."}
    changes = {"amount_received": 0, "last_payment_error": error, "status": "requires_payment_method", **changes}
    return _event("payment_intent.payment_failed", _intent(purchase, **changes), f"{event}_{purchase}", at)


def canceled(
    purchase: str = "1", *, event: str = "canceled", at: int = NOON + 600, reason: str = "abandoned", **changes: Any
) -> dict[str, Any]:
    """`payment_intent.canceled`."""
    changes = {"amount_received": 0, "status": "canceled", "cancellation_reason": reason, **changes}
    return _event("payment_intent.canceled", _intent(purchase, **changes), f"{event}_{purchase}", at)


def lost(purchase: str = "1", *, event: str = "lost", at: int = NOON + 500, **changes: Any) -> dict[str, Any]:
    """`checkout.session.async_payment_failed`: of a payment that was not sure when the checkout was done."""
    told = checkout(purchase, event=event, at=at, payment_status="unpaid", **changes)
    return {**told, "type": "checkout.session.async_payment_failed"}


def refunded(
    purchase: str = "1",
    amount: int = AMOUNTS["amount_total"],
    *,
    event: str = "refunded",
    at: int = NOON + 90,
    **changes: Any,
) -> dict[str, Any]:
    """`charge.refunded`; `amount` is the sum of what was given back so far."""
    charge = {
        "id": f"ch_{purchase}",
        "object": "charge",
        "amount": AMOUNTS["amount_total"],
        "amount_refunded": amount,
        "currency": "eur",
        "paid": True,
        "payment_intent": f"pi_{purchase}",
        "payment_method_details": {"type": "card", "card": {"brand": "visa"}},
        "refunded": amount == AMOUNTS["amount_total"],
        **changes,
    }
    return _event("charge.refunded", charge, f"{event}_{purchase}", at)


def body_of(event: dict[str, Any]) -> bytes:
    return json.dumps(event, indent=2).encode()


def sign(body: bytes, secret: str = SECRET, at: float | None = None) -> str:
    """The header `Stripe-Signature`: HMAC-SHA256 over `<seconds>.<body>`."""
    seconds = int(time.time() if at is None else at)
    mac = hmac.new(secret.encode(), f"{seconds}.".encode() + body, sha256)
    return f"t={seconds},v1={mac.hexdigest()}"


def request(event: dict[str, Any]) -> tuple[bytes, str, str]:
    """What `receive` is called with, after the session."""
    body = body_of(event)
    return body, sign(body), SECRET


# Ids and the shop's own clock are left out; what a row refers to is named.
_LEFT = {
    "orders": "SELECT to_jsonb(t) AS row FROM orders t ORDER BY order_number",
    "order_items": """
        SELECT to_jsonb(t) || jsonb_build_object('order', order_number, 'product', slug, 'variant', sku) AS row
        FROM order_items t JOIN orders o ON o.id = t.order_id LEFT JOIN products p ON p.id = t.product_id
        LEFT JOIN product_variants v ON v.id = t.product_variant_id ORDER BY order_number, slug, sku""",
    "order_events": """
        SELECT to_jsonb(t) || jsonb_build_object('order', order_number) AS row FROM order_events t
        JOIN orders o ON o.id = t.order_id ORDER BY order_number, occurred_at, event_type, t.payload::text""",
    "payments": """
        SELECT to_jsonb(t) || jsonb_build_object('order', order_number) AS row FROM payments t
        JOIN orders o ON o.id = t.order_id ORDER BY stripe_payment_intent_id""",
    "invoices": """
        SELECT to_jsonb(t) || jsonb_build_object('order', order_number) AS row FROM invoices t
        JOIN orders o ON o.id = t.order_id ORDER BY invoice_number""",
    "webhook_events": """
        SELECT to_jsonb(t) || jsonb_build_object('processed_at', processed_at IS NOT NULL) AS row
        FROM webhook_events t ORDER BY external_id""",
}
_DROPPED = frozenset(
    ["id", "order_id", "product_id", "product_variant_id", "created_at", "updated_at", "received_at", "attempts"]
)


def left_behind(url: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table that an event may write, without ids, clocks and the count of attempts."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return {
            table: [
                {name: value for name, value in row["row"].items() if name not in _DROPPED}
                for row in connection.execute(query.encode())
            ]
            for table, query in _LEFT.items()
        }
