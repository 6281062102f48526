"""Why an event cannot be taken in, and why one that was taken in makes no order yet.

An error's fields hold the facts and its docstring is the message, a `str.format` template over the fields.
"""

import inspect
from typing import Any

__all__ = [
    "AmountMismatch",
    "BadCheckoutMetadata",
    "BadEvent",
    "BadSignature",
    "CurrencyMismatch",
    "NotYet",
    "OddAmount",
    "OrderingError",
    "Refusal",
    "TaxMismatch",
    "UnexpectedShape",
    "UnknownChoice",
    "UnknownCurrency",
    "UnknownEvent",
    "UnknownProduct",
    "UnknownUser",
    "UnknownVatRate",
]


class OrderingError(Exception):
    """{message}"""

    def __init__(self, **fields: Any) -> None:
        super().__init__(fields)
        self.fields = fields

    def __str__(self) -> str:
        template = inspect.cleandoc(type(self).__doc__ or type(self).__name__)  # python -OO has no docstrings
        return " ".join(template.format_map(self.fields).split())


# Raised to the caller: nothing was recorded.


class BadSignature(OrderingError):
    """not signed by Stripe for this endpoint: {reason}"""


class BadEvent(OrderingError):
    """signed by Stripe, but not an event that can be read: {reason}"""


class UnknownEvent(OrderingError):
    """no event {external_id} of Stripe's is recorded"""


# Recorded with the event, which stays to be tried again.


class NotYet(OrderingError):
    """{awaited} has not been processed"""


class Refusal(OrderingError):
    """{message}"""


class UnexpectedShape(Refusal):
    """the event does not have the shape that its type has: {reason}"""


class BadCheckoutMetadata(Refusal):
    """the metadata of the checkout: {reason}"""


class UnknownUser(Refusal):
    """no user {user_id}"""


class UnknownProduct(Refusal):
    """no product {slug}"""


class UnknownChoice(Refusal):
    """product {slug} has no {what} {name}"""


class UnknownCurrency(Refusal):
    """the shop does not sell in {currency}"""


class OddAmount(Refusal):
    """{amount} {currency} has no minor unit of Stripe's"""


class CurrencyMismatch(Refusal):
    """{what} is in {found}, not in {expected}"""


class AmountMismatch(Refusal):
    """{what}: Stripe says {found} {currency}, the shop {expected} {currency}"""


class UnknownVatRate(Refusal):
    """no VAT rate {category} of {country} on {day}"""


class TaxMismatch(Refusal):
    """tax: Stripe says {found} {currency}, the rates of {country} make {expected} {currency}"""
