"""Stripe's webhook to orders: one transaction a delivery, the same in threads and in asyncio.

    receipt = receive(session, body, request.headers["Stripe-Signature"], secret)
    receipt = await receive_async(async_session, body, request.headers["Stripe-Signature"], secret)

The transaction holds the row in `webhook_events` and all that the event leads to. `docs/stripe.md` says what becomes of
an event that comes twice, too early, or cannot be applied, and what to answer Stripe.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from commerce.enums import WebhookProvider
from commerce.models.integrations import WebhookEvent
from commerce.ordering.errors import NotYet, Refusal, UnknownEvent
from commerce.ordering.paying import (
    payment_canceled,
    payment_failed,
    payment_lost,
    payment_refunded,
    payment_succeeded,
)
from commerce.ordering.placing import place_order
from commerce.ordering.stripe_objects import TOLERANCE, StripeEvent, event_of, read_event

__all__ = ["EventState", "Receipt", "receive", "receive_async", "retry", "retry_async"]


class EventState(StrEnum):
    """What became of an event at this delivery. The last three begin the row's `last_error`."""

    PROCESSED = "processed"
    DUPLICATE = "duplicate"
    LEFT = "left"
    WAITING = "waiting"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True)
class Receipt:
    """An event that was recorded. `reason` says why it was refused, or what it waits for."""

    external_id: str
    event_type: str
    state: EventState
    reason: str | None = None


class _Kind(NamedTuple):
    """A type of event that does something: how, and its place among the events of one payment."""

    apply: Callable[[Session, StripeEvent], bool]
    place: int


#: Failures come before the success that ends them, the ends without one and refunds after it.
_KINDS = {
    "checkout.session.completed": _Kind(place_order, 0),
    "payment_intent.payment_failed": _Kind(payment_failed, 1),
    "payment_intent.succeeded": _Kind(payment_succeeded, 2),
    "checkout.session.async_payment_failed": _Kind(payment_lost, 3),
    "payment_intent.canceled": _Kind(payment_canceled, 4),
    "charge.refunded": _Kind(payment_refunded, 5),
}

#: `StripeEvent.subject`, as the server finds it in a payload.
_subject = sa.func.coalesce(
    WebhookEvent.payload[("data", "object", "payment_intent")].astext,
    WebhookEvent.payload[("data", "object", "id")].astext,
)


def receive(
    session: Session, body: bytes | str, signature: str | None, secret: str, tolerance: int = TOLERANCE
) -> Receipt:
    """Take in a delivery: the request's body as it came, its header `Stripe-Signature`, the endpoint's secret.

    The session has no transaction yet: this one begins and ends its own. Raises `BadSignature` or `BadEvent`, and then
    nothing is recorded. Any other error means that nothing of an event was applied, of this one or of one that waited
    for it; it is recorded with the error if the database can be reached, and Stripe's next delivery tries again.
    """
    return _deliver(session, read_event(body, signature, secret, tolerance))


async def receive_async(
    session: AsyncSession, body: bytes | str, signature: str | None, secret: str, tolerance: int = TOLERANCE
) -> Receipt:
    """`receive`, on an async session."""
    return await session.run_sync(receive, body, signature, secret, tolerance)


def retry(session: Session, external_id: str) -> Receipt:
    """Try a recorded event again, when what stood in its way is mended. Raises `UnknownEvent`."""
    with _transaction(session):
        payload = session.scalar(
            sa.select(WebhookEvent.payload).where(
                WebhookEvent.provider == WebhookProvider.STRIPE, WebhookEvent.external_id == external_id
            )
        )
    if payload is None:
        raise UnknownEvent(external_id=external_id)
    return _deliver(session, payload)


async def retry_async(session: AsyncSession, external_id: str) -> Receipt:
    """`retry`, on an async session."""
    return await session.run_sync(retry, external_id)


def _deliver(session: Session, payload: dict[str, Any]) -> Receipt:
    """Take in an event, and then what waited for it, each in its own transaction.

    A crash between the two leaves Stripe without an answer. It delivers again, and a duplicate looks for what waits
    too.
    """
    receipt = _take_in(session, payload)
    if receipt.event_type in _KINDS and receipt.state in (EventState.PROCESSED, EventState.DUPLICATE):
        for waiting in _waiting(session, event_of(payload).subject):
            _take_in(session, waiting)
    return receipt


def _take_in(session: Session, payload: dict[str, Any]) -> Receipt:
    try:
        with _transaction(session):
            return _process(session, payload)
    except Exception as error:
        # Everything is rolled back, the event's row as well. It comes back on its own, whatever broke: a statement, the
        # commit, the connection. (A savepoint around the effects would be lost with the connection.)
        try:
            with _transaction(session):
                _record(session, payload, f"{EventState.FAILED}: {_said(error)}")
        except Exception as second:  # noqa: BLE001 - the first one is what the caller has to know
            error.add_note(f"the event could not be recorded either: {_said(second)}")
        raise


@contextmanager
def _transaction(session: Session) -> Iterator[None]:
    """One at READ COMMITTED, whatever the engine's own level is: what was waited for has to be seen afterwards."""
    with session.begin():
        session.connection(execution_options={"isolation_level": "READ COMMITTED"})
        yield


def _process(session: Session, payload: dict[str, Any]) -> Receipt:
    event = event_of(payload)
    # One event of a payment at a time. Else one that comes before the order could look for it and miss it, be recorded
    # as waiting after the checkout has looked for what waits, and wait for ever.
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(event.subject, 0))))
    row = _record(session, payload)
    if row is None:
        return Receipt(event.id, event.kind, EventState.DUPLICATE)
    return _attempt(session, row, event)


def _waiting(session: Session, subject: str) -> list[dict[str, Any]]:
    """The payloads of the events of a payment that are not processed, in the order in which they happened."""
    query = sa.select(WebhookEvent.payload).where(
        WebhookEvent.provider == WebhookProvider.STRIPE,
        WebhookEvent.processed_at.is_(None),
        WebhookEvent.event_type.in_(_KINDS),
        _subject == subject,
    )
    with _transaction(session):
        found = [(event_of(payload), payload) for payload in session.scalars(query)]
    found.sort(key=lambda pair: (_KINDS[pair[0].kind].place, pair[0].created, pair[0].id))
    return [payload for _, payload in found]


def _record(session: Session, payload: dict[str, Any], failure: str | None = None) -> WebhookEvent | None:
    """The event's row, new or locked, with one attempt more; none when it was processed already."""
    event = event_of(payload)
    new = insert(WebhookEvent).values(
        provider=WebhookProvider.STRIPE,
        external_id=event.id,
        event_type=event.kind,
        payload=payload,
        attempts=1,
        last_error=failure,
    )
    upsert = new.on_conflict_do_update(
        index_elements=[WebhookEvent.provider, WebhookEvent.external_id],
        set_={"attempts": WebhookEvent.attempts + 1, "last_error": new.excluded.last_error},
        where=WebhookEvent.processed_at.is_(None),
    ).returning(WebhookEvent)
    return session.scalars(upsert, execution_options={"populate_existing": True}).one_or_none()


def _attempt(session: Session, row: WebhookEvent, event: StripeEvent) -> Receipt:
    """Apply an event whose row is locked, all of it or nothing, and say on the row what became of it."""
    kind = _KINDS.get(event.kind)
    state, reason = EventState.LEFT, None
    try:
        with session.begin_nested():
            if kind is not None and kind.apply(session, event):
                state = EventState.PROCESSED
    except NotYet as error:
        state, reason = EventState.WAITING, str(error)
    except Refusal as error:
        state, reason = EventState.REFUSED, str(error)
    row.last_error = f"{state}: {reason}" if reason else None
    row.processed_at = None if reason else sa.func.now()
    session.flush()
    return Receipt(event.id, event.kind, state, reason)


def _said(error: Exception) -> str:
    """An error in one line, without the statement's parameters, which are the buyer's data."""
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    return f"{type(cause).__name__}: {lines[0]}" if lines else type(cause).__name__
