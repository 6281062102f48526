"""Stripe's whole numbers and the schema's decimals.

Stripe counts in a currency's minor unit, with as many decimals as ISO 4217 has, and a few exceptions: source
https://docs.stripe.com/currencies (zero-decimal and three-decimal currencies, special cases).
"""

from decimal import Decimal

from commerce.enums import Currency
from commerce.ordering.errors import OddAmount, UnknownCurrency

__all__ = ["from_minor", "sold_in", "to_minor"]

# ISK and UGX have no decimals left, but the API keeps two ("special cases"): 100 is one króna.
_ZERO_DECIMAL = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THREE_DECIMAL = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


def _decimals(currency: str) -> int:
    code = currency.upper()
    return 0 if code in _ZERO_DECIMAL else 3 if code in _THREE_DECIMAL else 2


def from_minor(amount: int, currency: str) -> Decimal:
    """The amount in the currency itself: 1999 of eur is 19.99, 1999 of jpy is 1999."""
    return Decimal(amount).scaleb(-_decimals(currency))


def to_minor(amount: Decimal, currency: str) -> int:
    """The amount as Stripe counts it. Raises `OddAmount` for a part of a minor unit, which nobody can be charged."""
    minor = amount.scaleb(_decimals(currency))
    if minor != minor.to_integral_value():
        raise OddAmount(amount=amount, currency=currency.upper())
    return int(minor)


def sold_in(currency: str) -> Currency:
    """The shop's currency of Stripe's lower-case code. Raises `UnknownCurrency`."""
    try:
        return Currency(currency.upper())
    except ValueError:
        raise UnknownCurrency(currency=currency.upper()) from None
