"""Stripe's whole numbers, and the lines in a checkout's metadata. No database."""

import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.enums import Currency
from commerce.ordering import errors
from commerce.ordering.lines import Line, checkout_metadata, read_metadata
from commerce.ordering.money import from_minor, sold_in, to_minor

USER = uuid.UUID(int=7)


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [
        (1999, "eur", "19.99"),
        (1999, "EUR", "19.99"),
        (1999, "jpy", "1999"),
        (1999, "krw", "1999"),
        (5120, "kwd", "5.120"),
        (500, "isk", "5.00"),  # no decimals, and two in the API all the same
        (0, "jpy", "0"),
    ],
)
def test_minor_units(minor: int, currency: str, amount: str) -> None:
    assert from_minor(minor, currency) == Decimal(amount)
    assert str(from_minor(minor, currency)) == amount
    assert to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize(("amount", "currency"), [("19.999", "eur"), ("10.50", "jpy"), ("0.0001", "kwd")])
def test_nobody_is_charged_a_part_of_a_minor_unit(amount: str, currency: str) -> None:
    with pytest.raises(errors.OddAmount):
        to_minor(Decimal(amount), currency)


@given(st.integers(0, 10**10), st.sampled_from(["eur", "jpy", "kwd", "isk", "czk"]))
def test_there_and_back(minor: int, currency: str) -> None:
    assert to_minor(from_minor(minor, currency), currency) == minor


def test_every_currency_of_the_schema_is_sold_and_no_other() -> None:
    assert [sold_in(currency.lower()) for currency in Currency] == list(Currency)
    with pytest.raises(errors.UnknownCurrency, match="JPY"):
        sold_in("jpy")


def test_lines_come_back_in_their_order() -> None:
    lines = tuple(Line(product=f"p{number}", quantity=number, fields={"note": "ä"}) for number in range(1, 40))
    metadata = checkout_metadata(USER, lines)
    assert read_metadata(dict(reversed(metadata.items())) | {"of_another": "x"}) == (USER, lines)
    assert max(map(len, metadata)) <= 40


def test_what_stripe_would_not_take_is_said_before() -> None:
    with pytest.raises(errors.BadCheckoutMetadata, match="50 lines"):
        checkout_metadata(USER, [Line(product="p")] * 50)
    with pytest.raises(errors.BadCheckoutMetadata, match="0 lines"):
        checkout_metadata(USER, [])
    with pytest.raises(errors.BadCheckoutMetadata, match="line 2 has"):
        checkout_metadata(USER, [Line(product="p"), Line(product="p", fields={"note": "x" * 500})])
