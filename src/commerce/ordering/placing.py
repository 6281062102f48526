"""A checkout that was gone through becomes an order, with its items, payment, invoice and first events.

Everything is checked before the first row is written, against the shop's own tables: who buys, what there is, what it
costs, what tax it bears.
"""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from commerce.enums import Currency, InvoiceStatus, OrderStatus
from commerce.models.auth import User
from commerce.models.billing import Invoice
from commerce.models.commerce import Order, OrderEvent, OrderItem, Payment
from commerce.ordering.errors import AmountMismatch, TaxMismatch, UnexpectedShape, UnknownUser
from commerce.ordering.lines import read_metadata
from commerce.ordering.money import from_minor, sold_in, to_minor
from commerce.ordering.numbers import invoice_number, order_number
from commerce.ordering.paying import settle
from commerce.ordering.pricing import PricedLine, price_lines, vat_rates
from commerce.ordering.stripe_objects import CheckoutSession, StripeEvent

__all__ = ["place_order"]


class _Charged(NamedTuple):
    """What Stripe says was charged, in minor units, none of it missing."""

    currency: Currency
    subtotal: int
    discount: int
    tax: int
    total: int


def place_order(session: Session, event: StripeEvent) -> bool:
    """Apply `checkout.session.completed`; false where it is no purchase of products (a subscription, a setup).

    The order is pending until the payment is known to have succeeded, which most checkouts say themselves and those
    with delayed payment methods do not. A second event about the same checkout changes nothing. Raises a `Refusal`.
    """
    checkout = event.shaped(CheckoutSession)
    if checkout.mode != "payment":
        return False
    number = order_number(checkout.id, checkout.created_at)
    if session.scalar(sa.select(Order.id).where(Order.order_number == number)):
        return True
    charged = _charged(checkout)
    user_id, lines = read_metadata(checkout.metadata or {})
    if session.scalar(sa.select(User.id).where(User.id == user_id)) is None:
        raise UnknownUser(user_id=user_id)
    priced = price_lines(session, lines, charged.currency)
    _check_amounts(charged, priced)
    rates = _tax_rates(session, checkout, charged, priced)

    order = _order(checkout, charged, user_id, number)
    order.items = [_item(line, rates[line.product.vat_category]) for line in priced]
    order.events = [
        OrderEvent(
            event_type="order_placed",
            to_status=OrderStatus.PENDING,
            occurred_at=event.occurred_at,
            payload={"stripe_event": event.id, "checkout_session": checkout.id},
        )
    ]
    invoice = Invoice(
        order=order,
        invoice_number=invoice_number(number),
        status=InvoiceStatus.OPEN,
        currency=charged.currency,
        net_amount=order.subtotal_amount - order.discount_amount,
        tax_amount=order.tax_amount,
        gross_amount=order.total_amount,
        issued_on=event.occurred_at.date(),
        due_on=event.occurred_at.date(),
    )
    payment = None
    if checkout.payment_intent:
        payment = Payment(
            order=order,
            stripe_payment_intent_id=checkout.payment_intent,
            amount=order.total_amount,
            currency=charged.currency,
        )
    session.add_all([order, invoice])
    if checkout.payment_status != "unpaid":
        settle(session, order, payment, [invoice], event)
    return True


def _charged(checkout: CheckoutSession) -> _Charged:
    details = checkout.total_details
    if checkout.currency is None or checkout.amount_subtotal is None or checkout.amount_total is None:
        raise UnexpectedShape(reason="a checkout without amounts")
    if checkout.amount_total and not checkout.payment_intent:
        raise UnexpectedShape(reason="a checkout that was charged for, without a payment intent")
    charged = _Charged(
        currency=sold_in(checkout.currency),
        subtotal=checkout.amount_subtotal,
        discount=details.amount_discount if details else 0,
        tax=details.amount_tax if details else 0,
        total=checkout.amount_total,
    )
    # Services are not shipped: what Stripe adds for shipping has no line here, and the sum says so.
    _check("total", charged.total, charged.subtotal - charged.discount + charged.tax, charged.currency)
    return charged


def _check_amounts(charged: _Charged, priced: Sequence[PricedLine]) -> None:
    subtotal = to_minor(sum((line.total_amount for line in priced), Decimal()), charged.currency)
    _check("subtotal", charged.subtotal, subtotal, charged.currency)


def _check(what: str, found: int, expected: int, currency: Currency) -> None:
    if found != expected:
        found_amount, expected_amount = (from_minor(amount, currency) for amount in (found, expected))
        raise AmountMismatch(what=what, found=found_amount, expected=expected_amount, currency=currency)


def _tax_rates(
    session: Session, checkout: CheckoutSession, charged: _Charged, priced: Sequence[PricedLine]
) -> dict[str, Decimal]:
    """The percent that each VAT category bears.

    No tax at all is Stripe's to decide: a reverse charge, a buyer outside of the EU. Tax is compared with the rates of
    the buyer's country on the day, to one minor unit a line, for Stripe rounds line by line. A discount is taken to
    lie on the lines by their amounts.
    """
    categories = {line.product.vat_category for line in priced}
    if not charged.tax:
        return dict.fromkeys(categories, Decimal())
    rates = vat_rates(session, checkout.country, categories, checkout.created_at.date())
    full = sum((line.total_amount * rates[line.product.vat_category] / 100 for line in priced), Decimal())
    subtotal = from_minor(charged.subtotal, charged.currency)
    share = (subtotal - from_minor(charged.discount, charged.currency)) / subtotal if subtotal else Decimal()
    expected = (full * share).quantize(Decimal("0.01"))
    found = from_minor(charged.tax, charged.currency)
    if abs(found - expected) > from_minor(len(priced), charged.currency):
        raise TaxMismatch(found=found, expected=expected, currency=charged.currency, country=checkout.country)
    return rates


def _order(checkout: CheckoutSession, charged: _Charged, user_id: uuid.UUID, number: str) -> Order:
    amounts = (charged.subtotal, charged.discount, charged.tax, charged.total)
    subtotal, discount, tax, total = (from_minor(amount, charged.currency) for amount in amounts)
    return Order(
        user_id=user_id,
        order_number=number,
        status=OrderStatus.PENDING,
        currency=charged.currency,
        subtotal_amount=subtotal,
        discount_amount=discount,
        tax_amount=tax,
        total_amount=total,
        billing_country_code=checkout.country,
        billing_address=checkout.billing_address,
    )


def _item(priced: PricedLine, tax_rate: Decimal) -> OrderItem:
    return OrderItem(
        product_id=priced.product.id,
        product_variant_id=priced.variant.id if priced.variant else None,
        name=f"{priced.product.name}, {priced.variant.name}" if priced.variant else priced.product.name,
        quantity=priced.line.quantity,
        unit_amount=priced.unit_amount,
        total_amount=priced.total_amount,
        tax_rate=tax_rate,
        configuration=priced.line.configuration,
    )
