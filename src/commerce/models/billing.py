"""What is owed: invoices, subscriptions, and the VAT rates that apply."""

import uuid
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commerce.base import CoreBase, owns
from commerce.enums import Currency, InvoiceStatus, SubscriptionStatus
from commerce.models.auth import User
from commerce.models.commerce import Order, SubscriptionPlan

__all__ = ["Invoice", "Subscription", "VatRate"]


class Invoice(CoreBase):
    """A bill for an order; the legal document itself is kept by Lexoffice."""

    __tablename__ = "invoices"
    __table_args__ = (
        sa.CheckConstraint("net_amount >= 0 AND tax_amount >= 0", name="amounts_not_negative"),
        sa.CheckConstraint("gross_amount = net_amount + tax_amount", name="gross_amount_sum"),
        sa.CheckConstraint("due_on >= issued_on", name="due_after_issue"),
        sa.CheckConstraint("status <> 'paid' OR paid_at IS NOT NULL", name="paid_has_time"),
    )

    # Tax law wants an invoice kept for years, so its order cannot go.
    order_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(Order.id, ondelete="RESTRICT"), index=True)
    invoice_number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    status: Mapped[InvoiceStatus] = mapped_column(server_default=InvoiceStatus.DRAFT)
    currency: Mapped[Currency] = mapped_column(server_default=Currency.EUR)
    net_amount: Mapped[Decimal]
    tax_amount: Mapped[Decimal]
    gross_amount: Mapped[Decimal]
    issued_on: Mapped[date | None] = mapped_column(comment="null while a draft")
    due_on: Mapped[date | None]
    paid_at: Mapped[datetime | None]
    lexoffice_invoice_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)

    order: Mapped[Order] = relationship(backref=owns("invoices"))


class Subscription(CoreBase):
    """A plan that a user pays for period after period; Stripe's object is the truth, this row its copy."""

    __tablename__ = "subscriptions"
    __table_args__ = (sa.CheckConstraint("current_period_end > current_period_start", name="period_order"),)

    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(User.id, ondelete="RESTRICT"), index=True)
    subscription_plan_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey(SubscriptionPlan.id, ondelete="RESTRICT"), index=True
    )
    stripe_subscription_id: Mapped[str] = mapped_column(sa.String(255), unique=True)
    status: Mapped[SubscriptionStatus] = mapped_column(server_default=SubscriptionStatus.INCOMPLETE)
    current_period_start: Mapped[datetime | None]
    current_period_end: Mapped[datetime | None]
    cancel_at_period_end: Mapped[bool] = mapped_column(server_default=sa.false())
    trial_ends_at: Mapped[datetime | None]
    canceled_at: Mapped[datetime | None] = mapped_column(
        comment="when it was given notice of; it may run on until ended_at"
    )
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(backref=owns("subscriptions"))
    subscription_plan: Mapped[SubscriptionPlan] = relationship(backref=owns("subscriptions"))


class VatRate(CoreBase):
    """A VAT rate and the days that it is in force. Reference data, not tax advice."""

    __tablename__ = "vat_rates"
    __table_args__ = (
        sa.UniqueConstraint("country_code", "region", "category", "valid_from"),
        ExcludeConstraint(
            ("country_code", "="),
            ("region", "="),
            ("category", "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            using="gist",
            name="ex_vat_rates_period",
        ),
        sa.CheckConstraint("country_code ~ '^[A-Z]{2}$'", name="country_code_format"),
        sa.CheckConstraint("category ~ '^[a-z][a-z0-9_]*$'", name="category_format"),
        sa.CheckConstraint("rate >= 0 AND rate <= 100", name="rate_range"),
        sa.CheckConstraint("valid_to > valid_from", name="period_order"),
    )

    country_code: Mapped[str] = mapped_column(sa.String(2), comment="ISO 3166-1 alpha-2: GR, not EL")
    region: Mapped[str] = mapped_column(
        sa.String(64), server_default="", comment="empty for the whole country, else the part with rates of its own"
    )
    category: Mapped[str] = mapped_column(sa.String(32), comment="standard, reduced, ...")
    rate: Mapped[Decimal] = mapped_column(sa.Numeric(5, 2), comment="percent")
    valid_from: Mapped[date] = mapped_column(comment="the first day")
    valid_to: Mapped[date | None] = mapped_column(comment="the day after the last, null while in force")
    source: Mapped[str] = mapped_column(comment="where the rate was read")
    checked_on: Mapped[date] = mapped_column(comment="when the source was last read")
    note: Mapped[str | None]
