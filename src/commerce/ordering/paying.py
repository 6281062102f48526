"""What becomes of a payment: it succeeds, fails, ends without success, is given back.

Every event leads to the same rows in whatever order it comes. A success and a full refund are final, what was given
back only grows (Stripe sends the sum), and of several failures the latest by Stripe's clock is the one that is shown.
What cannot be applied before another event waits for that event: `NotYet`.
"""

from collections.abc import Iterable
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from commerce.enums import InvoiceStatus, OrderStatus, PaymentStatus
from commerce.models.billing import Invoice
from commerce.models.commerce import Order, OrderEvent, Payment
from commerce.ordering.errors import AmountMismatch, CurrencyMismatch, NotYet
from commerce.ordering.money import from_minor, sold_in
from commerce.ordering.stripe_objects import Charge, CheckoutSession, PaymentIntent, StripeEvent

__all__ = ["payment_canceled", "payment_failed", "payment_lost", "payment_refunded", "payment_succeeded", "settle"]

_FAILED = "payment_failed"


def settle(
    session: Session, order: Order, payment: Payment | None, invoices: Iterable[Invoice], event: StripeEvent
) -> None:
    """The money has come: the payment, the order and its open invoices say so, once.

    An order that somebody has cancelled in the meantime stays so. An order of nothing has no payment.
    """
    if payment is not None:
        payment.status = PaymentStatus.SUCCEEDED
        payment.paid_at = event.occurred_at
        payment.failure_code = payment.failure_message = None
    if order.status is OrderStatus.PENDING:
        order.paid_at = event.occurred_at
        _step(session, order, event, "payment_succeeded", OrderStatus.PAID)
    for invoice in invoices:
        invoice.status = InvoiceStatus.PAID
        invoice.paid_at = event.occurred_at


def payment_succeeded(session: Session, event: StripeEvent) -> bool:
    """Apply `payment_intent.succeeded`. Raises `NotYet` before the checkout, or a `Refusal`."""
    intent = event.shaped(PaymentIntent)
    payment = _payment(session, intent.id)
    _check(payment, "payment", intent.amount_received, intent.currency)
    if payment.paid_at is None:
        settle(session, payment.order, payment, _open_invoices(session, payment), event)
    return True


def payment_failed(session: Session, event: StripeEvent) -> bool:
    """Apply `payment_intent.payment_failed`: the buyer may try again, so the order stays as it is.

    Raises `NotYet` before the checkout, or a `Refusal`.
    """
    intent, payment = _of_intent(session, event)
    error = intent.last_payment_error
    code = (error.decline_code or error.code) if error else None
    if payment.paid_at is None and _latest_failure(session, payment.order) < (event.created, event.id):
        if payment.status is not PaymentStatus.CANCELLED:
            payment.status = PaymentStatus.FAILED
        payment.failure_code = code
        payment.failure_message = error.message if error else None
    _step(session, payment.order, event, _FAILED, code=code)
    return True


def payment_lost(session: Session, event: StripeEvent) -> bool:
    """Apply `checkout.session.async_payment_failed`: the buyer cannot try again, a new order is to be placed.

    The reason is told by `payment_intent.payment_failed`, which comes as well. False where the checkout has no payment
    intent. Raises `NotYet` before the checkout, or a `Refusal`.
    """
    checkout = event.shaped(CheckoutSession)
    if checkout.payment_intent is None or checkout.amount_total is None or checkout.currency is None:
        return False
    payment = _payment(session, checkout.payment_intent)
    _check(payment, "payment", checkout.amount_total, checkout.currency)
    if payment.status not in (PaymentStatus.FAILED, PaymentStatus.CANCELLED) and payment.paid_at is None:
        payment.status = PaymentStatus.FAILED
    _end(session, payment, event, "payment_lost")
    return True


def payment_canceled(session: Session, event: StripeEvent) -> bool:
    """Apply `payment_intent.canceled`: no money comes by it any more.

    Raises `NotYet` before the checkout, or a `Refusal`.
    """
    intent, payment = _of_intent(session, event)
    if payment.paid_at is None:
        payment.status = PaymentStatus.CANCELLED
    _end(session, payment, event, "payment_canceled", reason=intent.cancellation_reason)
    return True


def payment_refunded(session: Session, event: StripeEvent) -> bool:
    """Apply `charge.refunded`; false where the charge belongs to no payment intent, and so to no checkout.

    Raises `NotYet` before the payment has succeeded, or a `Refusal`.
    """
    charge = event.shaped(Charge)
    if charge.payment_intent is None:
        return False
    payment = _payment(session, charge.payment_intent)
    if payment.paid_at is None:
        raise NotYet(awaited=f"the success of {charge.payment_intent}")
    _check(payment, "payment", charge.amount, charge.currency)
    refunded = from_minor(charge.amount_refunded, charge.currency)
    if not 0 < refunded <= payment.amount:
        raise AmountMismatch(what="refund", found=refunded, expected=payment.amount, currency=payment.currency)
    payment.refunded_amount = max(payment.refunded_amount or Decimal(), refunded)
    whole = payment.refunded_amount == payment.amount
    payment.status = PaymentStatus.REFUNDED if whole else PaymentStatus.PARTIALLY_REFUNDED
    if charge.payment_method_details:
        payment.payment_method = charge.payment_method_details.type[:32]
    ended = payment.order.status in (OrderStatus.REFUNDED, OrderStatus.CANCELLED)
    to_status = OrderStatus.REFUNDED if refunded == payment.amount and not ended else None
    _step(session, payment.order, event, "payment_refunded", to_status, refunded_amount=str(refunded))
    return True


def _of_intent(session: Session, event: StripeEvent) -> tuple[PaymentIntent, Payment]:
    """The intent that an event is about, and its payment: no money has come by it."""
    intent = event.shaped(PaymentIntent)
    payment = _payment(session, intent.id)
    _check(payment, "payment", intent.amount, intent.currency)
    return intent, payment


def _payment(session: Session, intent: str) -> Payment:
    """The payment and its order, locked: the shop's own people change orders too."""
    query = (
        sa.select(Payment)
        .join(Payment.order)
        .options(contains_eager(Payment.order))
        .where(Payment.stripe_payment_intent_id == intent)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    payment = session.scalars(query).one_or_none()
    if payment is None:
        raise NotYet(awaited=f"the checkout of {intent}")
    return payment


def _open_invoices(session: Session, payment: Payment) -> Iterable[Invoice]:
    query = sa.select(Invoice).where(Invoice.order_id == payment.order_id, Invoice.status == InvoiceStatus.OPEN)
    return session.scalars(query).all()


def _end(session: Session, payment: Payment, event: StripeEvent, what: str, **facts: str | None) -> None:
    """An order that nobody will pay is cancelled, and its open invoices are void; one that was paid stays so."""
    pending = payment.paid_at is None and payment.order.status is OrderStatus.PENDING
    _step(session, payment.order, event, what, OrderStatus.CANCELLED if pending else None, **facts)
    if payment.paid_at is None:
        for invoice in _open_invoices(session, payment):
            invoice.status = InvoiceStatus.VOID


def _check(payment: Payment, what: str, amount: int, currency: str) -> None:
    if sold_in(currency) is not payment.currency:
        raise CurrencyMismatch(what=what, found=currency.upper(), expected=payment.currency)
    found = from_minor(amount, currency)
    if found != payment.amount:
        raise AmountMismatch(what=what, found=found, expected=payment.amount, currency=payment.currency)


def _step(
    session: Session,
    order: Order,
    event: StripeEvent,
    what: str,
    to_status: OrderStatus | None = None,
    **facts: str | None,
) -> None:
    """Write down what happened to an order, and take the order to its new status if it has one."""
    session.add(
        OrderEvent(
            order=order,
            event_type=what,
            from_status=order.status if to_status else None,
            to_status=to_status,
            occurred_at=event.occurred_at,
            payload={"stripe_event": event.id, **facts},
        )
    )
    if to_status:
        order.status = to_status


def _latest_failure(session: Session, order: Order) -> tuple[int, str]:
    """When the latest known failure was, and by which event; Stripe's clock has seconds, the id decides between two."""
    event_id = OrderEvent.payload["stripe_event"].astext
    query = (
        sa.select(OrderEvent.occurred_at, event_id)
        .where(OrderEvent.order_id == order.id, OrderEvent.event_type == _FAILED)
        .order_by(OrderEvent.occurred_at.desc(), event_id.collate("C").desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return (int(row[0].timestamp()), row[1]) if row else (0, "")
