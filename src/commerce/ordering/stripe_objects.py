"""What is read of Stripe's objects, and the check that they are Stripe's.

The shapes hold the fields that the shop uses; what else an object has is kept in `webhook_events.payload` as it came.
Source: https://docs.stripe.com/api (Event, Checkout Session, PaymentIntent, Charge), stable since API 2022-11-15.
"""

import json
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

import msgspec
from stripe import SignatureVerificationError, WebhookSignature

from commerce.ordering.errors import BadEvent, BadSignature, UnexpectedShape

__all__ = ["TOLERANCE", "Charge", "CheckoutSession", "PaymentIntent", "StripeEvent", "event_of", "read_event"]

#: Seconds between Stripe's clock in the signature and ours; an older delivery is one that somebody plays back.
TOLERANCE = 300

_Object = TypeVar("_Object", bound=msgspec.Struct)


class _Data(msgspec.Struct, frozen=True):
    object: dict[str, Any]


class StripeEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event, with the object that it is about as plain values."""

    id: str
    kind: str = msgspec.field(name="type")
    created: int
    data: _Data

    @property
    def occurred_at(self) -> datetime:
        """By Stripe's clock, to the second."""
        return datetime.fromtimestamp(self.created, UTC)

    @property
    def subject(self) -> str:
        """What it is about: the payment intent's id where there is one, else the object's own.

        Events of one subject are processed one after another, and wait for one another.
        """
        found = self.data.object.get("payment_intent") or self.data.object.get("id")
        return found if isinstance(found, str) else self.id

    def shaped(self, shape: type[_Object]) -> _Object:
        """The object of the event. Raises `UnexpectedShape`."""
        try:
            return msgspec.convert(self.data.object, shape)
        except msgspec.ValidationError as error:
            raise UnexpectedShape(reason=str(error)) from None


class _TotalDetails(msgspec.Struct, frozen=True):
    amount_discount: int = 0
    amount_shipping: int | None = 0
    amount_tax: int = 0


class _CustomerDetails(msgspec.Struct, frozen=True):
    address: dict[str, Any] | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    tax_exempt: str | None = None
    tax_ids: list[dict[str, Any]] | None = None


class CheckoutSession(msgspec.Struct, frozen=True):
    """A checkout that a buyer has gone through."""

    id: str
    created: int
    mode: Literal["payment", "setup", "subscription"]
    payment_status: Literal["no_payment_required", "paid", "unpaid"]
    currency: str | None = None
    amount_subtotal: int | None = None
    amount_total: int | None = None
    payment_intent: str | None = None
    total_details: _TotalDetails | None = None
    customer_details: _CustomerDetails | None = None
    metadata: dict[str, str] | None = None

    @property
    def created_at(self) -> datetime:
        return datetime.fromtimestamp(self.created, UTC)

    @property
    def country(self) -> str | None:
        """The buyer's, ISO 3166-1 alpha-2."""
        return self.billing_address.get("address", {}).get("country") or None

    @property
    def billing_address(self) -> dict[str, Any]:
        """Whom the order is for, as the buyer wrote it, without what was left empty."""
        details = msgspec.to_builtins(self.customer_details) if self.customer_details else {}
        return {name: value for name, value in details.items() if value}


class _PaymentMethod(msgspec.Struct, frozen=True):
    type: str


class _PaymentError(msgspec.Struct, frozen=True):
    code: str | None = None
    decline_code: str | None = None
    message: str | None = None


class PaymentIntent(msgspec.Struct, frozen=True):
    """A payment, through all its attempts."""

    id: str
    currency: str
    amount: int
    amount_received: int = 0
    last_payment_error: _PaymentError | None = None
    cancellation_reason: str | None = None


class Charge(msgspec.Struct, frozen=True):
    """One attempt of a payment: the one that went through, where money was given back."""

    id: str
    currency: str
    amount: int
    amount_refunded: int
    payment_intent: str | None = None
    payment_method_details: _PaymentMethod | None = None


def read_event(body: bytes | str, signature: str | None, secret: str, tolerance: int = TOLERANCE) -> dict[str, Any]:
    """The event in a request's body, as plain values that PostgreSQL can keep.

    `signature` is the header `Stripe-Signature`, `secret` the endpoint's (`whsec_...`). The body must be as it was
    sent, byte for byte. Raises `BadSignature`, or `BadEvent` for a signed body that is no event.
    """
    try:
        text = body if isinstance(body, str) else body.decode()
    except UnicodeDecodeError:
        raise BadSignature(reason="the body is not UTF-8") from None
    if not secret:  # an older library would take an empty one for a secret
        raise BadSignature(reason="the endpoint's secret is empty")
    signature = signature or ""
    if not signature.isascii():  # the library compares with hmac.compare_digest, which takes no other text
        raise BadSignature(reason="the signature is not ASCII")
    try:
        WebhookSignature.verify_header(text, signature, secret, tolerance)
    except SignatureVerificationError as error:
        raise BadSignature(reason=str(error)) from None
    try:
        event = json.loads(text)
    except ValueError as error:
        raise BadEvent(reason=str(error)) from None
    event_of(event)
    kept: dict[str, Any] = _storable(event)
    return kept


def event_of(payload: Any) -> StripeEvent:
    """The event of a payload. Raises `BadEvent`."""
    try:
        return msgspec.convert(payload, StripeEvent)
    except msgspec.ValidationError as error:
        raise BadEvent(reason=str(error)) from None


def _storable(value: Any) -> Any:
    """JSON may hold U+0000 and halves of surrogate pairs, in a buyer's name for one; jsonb takes neither."""
    if isinstance(value, str):
        whole = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return whole.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(each) for key, each in value.items()}
    return value
