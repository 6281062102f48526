"""The numbers that people read: of an order, of its invoice.

A number is made of the Stripe checkout's id and day alone. The same checkout has the same number in every process and
at every attempt, so the unique constraint of `orders.order_number` also stops a second order of one checkout, and no
counter is there to wait for. It tells nobody how much the shop sells.
"""

from datetime import datetime
from hashlib import sha256

__all__ = ["invoice_number", "order_number"]

#: Crockford's base 32: no I, L, O, U, so that a number can be read out.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def order_number(checkout_session: str, created: datetime) -> str:
    """`20261129-7F3K-9Q2M-X4TB`: the day, then 60 bits of the checkout's hash."""
    bits = int.from_bytes(sha256(checkout_session.encode()).digest()[:8], "big") >> 4
    letters = "".join(_ALPHABET[bits >> shift & 31] for shift in range(55, -1, -5))
    return f"{created:%Y%m%d}-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def invoice_number(order: str) -> str:
    """The order's number behind `R-`. The legal document has Lexoffice's number; this one finds it."""
    return f"R-{order}"
