"""What lines cost by the shop's own tables: prices, and the VAT that belongs to them. Nothing is written."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from commerce.enums import Currency
from commerce.models.billing import VatRate
from commerce.models.commerce import Product, ProductAddon, ProductOption, ProductOptionGroup, ProductVariant
from commerce.ordering.errors import CurrencyMismatch, UnknownChoice, UnknownProduct, UnknownVatRate
from commerce.ordering.lines import Line

__all__ = ["PricedLine", "price_lines", "vat_rates"]

_Choice = TypeVar("_Choice")


class PricedLine(NamedTuple):
    """A line with what it refers to, and the net price of one piece."""

    line: Line
    product: Product
    variant: ProductVariant | None
    unit_amount: Decimal

    @property
    def total_amount(self) -> Decimal:
        return self.unit_amount * self.line.quantity


def price_lines(session: Session, lines: Sequence[Line], currency: Currency) -> list[PricedLine]:
    """The lines in their order.

    A product that was withdrawn or archived since is still known, and has its price. Raises `UnknownProduct`,
    `UnknownChoice`, `CurrencyMismatch`.
    """
    found = session.scalars(sa.select(Product).where(Product.slug.in_({line.product for line in lines})))
    products = {product.slug: product for product in found}
    for line in lines:
        if line.product not in products:
            raise UnknownProduct(slug=line.product)
    of_products = [product.id for product in products.values()]
    variants = _variants(session, of_products) if any(line.variant for line in lines) else {}
    options = _options(session, of_products) if any(line.options for line in lines) else {}
    addons = _addons(session, of_products) if any(line.addons for line in lines) else {}

    priced = []
    for line in lines:
        product = products[line.product]
        base: Product | ProductVariant = product
        variant = None
        if line.variant is not None:
            base = variant = _chosen(variants, product, "variant", line.variant)
        _in_currency(f"product {product.slug}", base.currency, currency)
        unit = base.price
        for name in line.options:
            unit += _chosen(options, product, "option", name).price_difference
        for name in line.addons:
            addon = _chosen(addons, product, "add-on", name)
            _in_currency(f"add-on {name} of product {product.slug}", addon.currency, currency)
            unit += addon.price
        priced.append(PricedLine(line, product, variant, unit))
    return priced


def vat_rates(session: Session, country: str | None, categories: Iterable[str], day: date) -> dict[str, Decimal]:
    """The rate of each category in the whole of the country on a day, in percent. Raises `UnknownVatRate`."""
    wanted = sorted(set(categories))
    query = sa.select(VatRate.category, VatRate.rate).where(
        VatRate.country_code == country,
        VatRate.region == "",
        VatRate.category.in_(wanted),
        VatRate.valid_from <= day,
        sa.or_(VatRate.valid_to.is_(None), VatRate.valid_to > day),
    )
    rates = {row.category: row.rate for row in session.execute(query)}
    for category in wanted:
        if category not in rates:
            raise UnknownVatRate(category=category, country=country or "an unknown country", day=day)
    return rates


def _variants(session: Session, products: list[uuid.UUID]) -> dict[tuple[uuid.UUID, str], ProductVariant]:
    found = session.scalars(sa.select(ProductVariant).where(ProductVariant.product_id.in_(products)))
    return {(variant.product_id, variant.sku): variant for variant in found}


def _options(session: Session, products: list[uuid.UUID]) -> dict[tuple[uuid.UUID, str], ProductOption]:
    query = (
        sa.select(ProductOption, ProductOptionGroup.product_id, ProductOptionGroup.slug)
        .join(ProductOption.group)
        .where(ProductOptionGroup.product_id.in_(products))
    )
    return {(product, f"{group}/{option.slug}"): option for option, product, group in session.execute(query)}


def _addons(session: Session, products: list[uuid.UUID]) -> dict[tuple[uuid.UUID, str], ProductAddon]:
    found = session.scalars(sa.select(ProductAddon).where(ProductAddon.product_id.in_(products)))
    return {(addon.product_id, addon.slug): addon for addon in found}


def _chosen(known: dict[tuple[uuid.UUID, str], _Choice], product: Product, what: str, name: str) -> _Choice:
    try:
        return known[product.id, name]
    except KeyError:
        raise UnknownChoice(slug=product.slug, what=what, name=name) from None


def _in_currency(what: str, found: Currency, expected: Currency) -> None:
    if found is not expected:
        raise CurrencyMismatch(what=what, found=found, expected=expected)
