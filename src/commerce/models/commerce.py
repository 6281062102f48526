"""What is sold and who bought it: the catalog, carts, orders, payments.

Money is numeric(12,2) beside a currency. A row without a currency of its own (an option's price difference, an order's
item) is in the currency of the product or order that it belongs to.
"""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commerce.base import APPENDED, CoreBase, SoftDelete, owns
from commerce.enums import (
    BillingInterval,
    Currency,
    CustomFieldType,
    OptionGroupType,
    OrderStatus,
    PaymentStatus,
    ProductKind,
    PublicationStatus,
)
from commerce.models.auth import User

__all__ = [
    "Cart",
    "CartItem",
    "Order",
    "OrderEvent",
    "OrderItem",
    "Payment",
    "Product",
    "ProductAddon",
    "ProductCategory",
    "ProductCustomField",
    "ProductOption",
    "ProductOptionGroup",
    "ProductVariant",
    "SubscriptionPlan",
]

_EMPTY_OBJECT = sa.text("'{}'::jsonb")
_ZERO = sa.text("0")


class ProductCategory(SoftDelete, CoreBase):
    """A shelf of the shop; shelves nest. Reference data."""

    __tablename__ = "product_categories"
    __table_args__ = (sa.CheckConstraint("parent_id <> id", name="not_its_own_parent"),)

    slug: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(128))
    description: Mapped[str | None]
    parent_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("product_categories.id", ondelete="RESTRICT"), index=True
    )
    position: Mapped[int] = mapped_column(server_default=_ZERO)

    parent: Mapped["ProductCategory | None"] = relationship(back_populates="children", remote_side="ProductCategory.id")
    children: Mapped[list["ProductCategory"]] = relationship(back_populates="parent", passive_deletes="all")
    products: Mapped[list["Product"]] = relationship(back_populates="category", passive_deletes="all")


class Product(SoftDelete, CoreBase):
    """A service that the shop sells."""

    __tablename__ = "products"
    __table_args__ = (
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug_format"),
        sa.CheckConstraint("price >= 0", name="price_not_negative"),
    )

    slug: Mapped[str] = mapped_column(sa.String(128), unique=True)
    name: Mapped[str] = mapped_column(sa.String(255))
    description: Mapped[str | None]
    kind: Mapped[ProductKind] = mapped_column(server_default=ProductKind.ONE_TIME)
    status: Mapped[PublicationStatus] = mapped_column(server_default=PublicationStatus.DRAFT)
    price: Mapped[Decimal] = mapped_column(comment="net, before options and add-ons")
    currency: Mapped[Currency] = mapped_column(server_default=Currency.EUR)
    vat_category: Mapped[str] = mapped_column(
        sa.String(32), server_default="standard", comment="vat_rates.category; the country comes from the buyer"
    )
    stripe_product_id: Mapped[str | None] = mapped_column(sa.String(255), unique=True)
    attributes: Mapped[dict[str, Any]] = mapped_column(server_default=_EMPTY_OBJECT)
    product_category_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey(ProductCategory.id, ondelete="RESTRICT"), index=True, sort_order=APPENDED
    )

    category: Mapped[ProductCategory | None] = relationship(back_populates="products")
    variants: Mapped[list["ProductVariant"]] = relationship(back_populates="product", passive_deletes="all")
    option_groups: Mapped[list["ProductOptionGroup"]] = relationship(back_populates="product", passive_deletes="all")
    addons: Mapped[list["ProductAddon"]] = relationship(back_populates="product", passive_deletes="all")
    custom_fields: Mapped[list["ProductCustomField"]] = relationship(back_populates="product", passive_deletes="all")
    subscription_plans: Mapped[list["SubscriptionPlan"]] = relationship(back_populates="product", passive_deletes="all")
    order_items: Mapped[list["OrderItem"]] = relationship(back_populates="product", passive_deletes="all")
    cart_items: Mapped[list["CartItem"]] = relationship(back_populates="product", passive_deletes="all")


class ProductVariant(SoftDelete, CoreBase):
    """A ready-made form of a product, with a price of its own."""

    __tablename__ = "product_variants"
    __table_args__ = (sa.CheckConstraint("price >= 0", name="price_not_negative"),)

    product_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(Product.id, ondelete="CASCADE"), index=True)
    sku: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(255))
    price: Mapped[Decimal]
    currency: Mapped[Currency] = mapped_column(server_default=Currency.EUR)
    position: Mapped[int] = mapped_column(server_default=_ZERO)
    attributes: Mapped[dict[str, Any]] = mapped_column(server_default=_EMPTY_OBJECT)

    product: Mapped[Product] = relationship(back_populates="variants")
    order_items: Mapped[list["OrderItem"]] = relationship(back_populates="product_variant", passive_deletes="all")
    cart_items: Mapped[list["CartItem"]] = relationship(back_populates="product_variant", passive_deletes="all")


class ProductOptionGroup(SoftDelete, CoreBase):
    """A question that a buyer answers about a product: "how many posts a week?"."""

    __tablename__ = "product_option_groups"
    __table_args__ = (sa.UniqueConstraint("product_id", "slug"),)  # the foreign key's index too

    product_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(Product.id, ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(128))
    is_required: Mapped[bool] = mapped_column(server_default=sa.false())
    position: Mapped[int] = mapped_column(server_default=_ZERO)
    group_type: Mapped[OptionGroupType] = mapped_column(
        server_default=OptionGroupType.SINGLE_CHOICE, sort_order=APPENDED
    )

    product: Mapped[Product] = relationship(back_populates="option_groups")
    options: Mapped[list["ProductOption"]] = relationship(back_populates="group", passive_deletes="all")


class ProductOption(SoftDelete, CoreBase):
    """An answer that can be chosen in an option group."""

    __tablename__ = "product_options"
    __table_args__ = (sa.UniqueConstraint("group_id", "slug"),)  # the foreign key's index too

    group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(ProductOptionGroup.id, ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(128))
    price_difference: Mapped[Decimal] = mapped_column(
        server_default=_ZERO, comment="added to the product's price, in its currency; may be negative"
    )
    position: Mapped[int] = mapped_column(server_default=_ZERO)

    group: Mapped[ProductOptionGroup] = relationship(back_populates="options")


class ProductAddon(SoftDelete, CoreBase):
    """Something extra that can be bought with a product."""

    __tablename__ = "product_addons"
    __table_args__ = (
        sa.UniqueConstraint("product_id", "slug"),  # the foreign key's index too
        sa.CheckConstraint("price >= 0", name="price_not_negative"),
    )

    product_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(Product.id, ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(128))
    description: Mapped[str | None]
    price: Mapped[Decimal]
    currency: Mapped[Currency] = mapped_column(server_default=Currency.EUR)
    position: Mapped[int] = mapped_column(server_default=_ZERO)

    product: Mapped[Product] = relationship(back_populates="addons")


class ProductCustomField(SoftDelete, CoreBase):
    """A field that a buyer fills in for a product: an Instagram handle, a start date."""

    __tablename__ = "product_custom_fields"
    __table_args__ = (
        sa.UniqueConstraint("product_id", "key"),  # the foreign key's index too
        sa.CheckConstraint("key ~ '^[a-z][a-z0-9_]*$'", name="key_format"),
    )

    product_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(Product.id, ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(64), comment="the key of the answer in order_items.configuration")
    label: Mapped[str] = mapped_column(sa.String(128))
    field_type: Mapped[CustomFieldType]
    is_required: Mapped[bool] = mapped_column(server_default=sa.false())
    validation: Mapped[dict[str, Any]] = mapped_column(server_default=_EMPTY_OBJECT, comment="a JSON Schema fragment")
    position: Mapped[int] = mapped_column(server_default=_ZERO)

    product: Mapped[Product] = relationship(back_populates="custom_fields")


class SubscriptionPlan(SoftDelete, CoreBase):
    """What a product costs by the period; Stripe's price object."""

    __tablename__ = "subscription_plans"
    __table_args__ = (
        sa.CheckConstraint("price >= 0", name="price_not_negative"),
        sa.CheckConstraint("interval_count > 0", name="interval_count_positive"),
        sa.CheckConstraint("trial_days >= 0", name="trial_days_not_negative"),
    )

    product_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(Product.id, ondelete="RESTRICT"), index=True)
    stripe_price_id: Mapped[str] = mapped_column(sa.String(255), unique=True)
    name: Mapped[str] = mapped_column(sa.String(128))
    price: Mapped[Decimal]
    currency: Mapped[Currency] = mapped_column(server_default=Currency.EUR)
    billing_interval: Mapped[BillingInterval] = mapped_column(server_default=BillingInterval.MONTH)
    interval_count: Mapped[int] = mapped_column(
        sa.SmallInteger, server_default=sa.text("1"), comment="3 and month: every quarter"
    )
    trial_days: Mapped[int] = mapped_column(sa.SmallInteger, server_default=_ZERO)

    product: Mapped[Product] = relationship(back_populates="subscription_plans")


class Cart(CoreBase):
    """What somebody is about to buy, signed in or not."""

    __tablename__ = "carts"
    __table_args__ = (sa.CheckConstraint("user_id IS NOT NULL OR session_id IS NOT NULL", name="has_owner"),)

    user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey(User.id, ondelete="CASCADE"), index=True)
    session_id: Mapped[str | None] = mapped_column(
        sa.String(255), index=True, comment="the visitor's cookie, no foreign key: visitors have no row in sessions"
    )
    currency: Mapped[Currency] = mapped_column(server_default=Currency.EUR)
    expires_at: Mapped[datetime] = mapped_column(
        server_default=sa.text("(now() + '30 days'::interval)"), index=True, sort_order=APPENDED
    )

    user: Mapped[User | None] = relationship(backref=owns("carts"))
    items: Mapped[list["CartItem"]] = relationship(back_populates="cart", passive_deletes="all")


class CartItem(CoreBase):
    """A product in a cart, as configured."""

    __tablename__ = "cart_items"
    __table_args__ = (sa.CheckConstraint("quantity > 0", name="quantity_positive"),)

    cart_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(Cart.id, ondelete="CASCADE"), index=True)
    product_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(Product.id, ondelete="CASCADE"), index=True)
    product_variant_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey(ProductVariant.id, ondelete="CASCADE"), index=True
    )
    quantity: Mapped[int] = mapped_column(server_default=sa.text("1"))
    configuration: Mapped[dict[str, Any]] = mapped_column(server_default=_EMPTY_OBJECT)

    cart: Mapped[Cart] = relationship(back_populates="items")
    product: Mapped[Product] = relationship(back_populates="cart_items")
    product_variant: Mapped[ProductVariant | None] = relationship(back_populates="cart_items")


class Order(CoreBase):
    """A purchase. Books have to be kept, so it is never removed, and its user is not either."""

    __tablename__ = "orders"
    __table_args__ = (
        sa.CheckConstraint(
            "subtotal_amount >= 0 AND tax_amount >= 0 AND total_amount >= 0", name="amounts_not_negative"
        ),
        sa.CheckConstraint("discount_amount BETWEEN 0 AND subtotal_amount", name="discount_amount_range"),
        sa.CheckConstraint("billing_country_code ~ '^[A-Z]{2}$'", name="billing_country_code_format"),
        sa.Index(None, "created_at"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(User.id, ondelete="RESTRICT"), index=True)
    order_number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    status: Mapped[OrderStatus] = mapped_column(server_default=OrderStatus.PENDING, index=True)
    currency: Mapped[Currency] = mapped_column(server_default=Currency.EUR)
    subtotal_amount: Mapped[Decimal] = mapped_column(server_default=_ZERO)
    discount_amount: Mapped[Decimal] = mapped_column(server_default=_ZERO)
    tax_amount: Mapped[Decimal] = mapped_column(server_default=_ZERO)
    total_amount: Mapped[Decimal] = mapped_column(server_default=_ZERO, comment="what was charged, tax included")
    billing_country_code: Mapped[str | None] = mapped_column(sa.String(2), comment="decides the VAT rate")
    billing_address: Mapped[dict[str, Any]] = mapped_column(
        server_default=_EMPTY_OBJECT, comment="as it was when the order was placed"
    )
    customer_note: Mapped[str | None]
    paid_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(backref=owns("orders"))
    items: Mapped[list["OrderItem"]] = relationship(back_populates="order", passive_deletes="all")
    payments: Mapped[list["Payment"]] = relationship(back_populates="order", passive_deletes="all")
    events: Mapped[list["OrderEvent"]] = relationship(back_populates="order", passive_deletes="all")


class OrderItem(CoreBase):
    """A line of an order. Name and prices are copies: the product may change or go."""

    __tablename__ = "order_items"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.CheckConstraint("unit_amount >= 0 AND total_amount >= 0", name="amounts_not_negative"),
        sa.CheckConstraint("tax_rate BETWEEN 0 AND 100", name="tax_rate_range"),
    )

    order_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(Order.id, ondelete="CASCADE"), index=True)
    product_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey(Product.id, ondelete="SET NULL"), index=True)
    name: Mapped[str] = mapped_column(sa.String(255))
    quantity: Mapped[int] = mapped_column(server_default=sa.text("1"))
    unit_amount: Mapped[Decimal] = mapped_column(comment="options and add-ons included, in the order's currency")
    total_amount: Mapped[Decimal]
    tax_rate: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2), comment="percent, as it was applied")
    configuration: Mapped[dict[str, Any]] = mapped_column(
        server_default=_EMPTY_OBJECT, comment="options, add-ons and custom fields as chosen"
    )
    product_variant_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey(ProductVariant.id, ondelete="SET NULL"), index=True, sort_order=APPENDED
    )

    order: Mapped[Order] = relationship(back_populates="items")
    product: Mapped[Product | None] = relationship(back_populates="order_items")
    product_variant: Mapped[ProductVariant | None] = relationship(back_populates="order_items")


class OrderEvent(CoreBase):
    """Something that happened to an order. Rows are added, never changed."""

    __tablename__ = "order_events"
    __table_args__ = (sa.Index(None, "order_id", "occurred_at"),)  # the foreign key's index too

    order_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(Order.id, ondelete="CASCADE"))
    actor_user_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey(User.id, ondelete="SET NULL"), index=True, comment="null when a program acted on its own"
    )
    event_type: Mapped[str] = mapped_column(sa.String(64))
    from_status: Mapped[OrderStatus | None]
    to_status: Mapped[OrderStatus | None]
    payload: Mapped[dict[str, Any]] = mapped_column(server_default=_EMPTY_OBJECT)
    occurred_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())

    order: Mapped[Order] = relationship(back_populates="events")
    actor: Mapped[User | None] = relationship(backref=owns("order_events"))


class Payment(CoreBase):
    """Money for an order, as Stripe reports it."""

    __tablename__ = "payments"
    __table_args__ = (
        sa.CheckConstraint("amount >= 0", name="amount_not_negative"),
        sa.CheckConstraint("refunded_amount BETWEEN 0 AND amount", name="refunded_amount_range"),
    )

    order_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(Order.id, ondelete="RESTRICT"), index=True)
    stripe_payment_intent_id: Mapped[str] = mapped_column(sa.String(255), unique=True)
    status: Mapped[PaymentStatus] = mapped_column(server_default=PaymentStatus.PENDING, index=True)
    amount: Mapped[Decimal]
    refunded_amount: Mapped[Decimal] = mapped_column(server_default=_ZERO)
    currency: Mapped[Currency] = mapped_column(server_default=Currency.EUR)
    payment_method: Mapped[str | None] = mapped_column(sa.String(32), comment="Stripe's type: card, sepa_debit, ...")
    failure_code: Mapped[str | None] = mapped_column(sa.String(64))
    failure_message: Mapped[str | None]
    paid_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(back_populates="payments")
