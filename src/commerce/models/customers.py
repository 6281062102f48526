"""Whom the shop deals with, and what it tells them."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commerce.base import CoreBase, SoftDelete, owns
from commerce.enums import Currency, NotificationChannel, NotificationStatus
from commerce.models.auth import User

__all__ = ["CustomerProfile", "Notification"]


class CustomerProfile(SoftDelete, CoreBase):
    """A party that a user buys for: themselves, their company, or a client of their agency."""

    __tablename__ = "customer_profiles"
    __table_args__ = (
        sa.CheckConstraint("country_code ~ '^[A-Z]{2}$'", name="country_code_format"),
        sa.CheckConstraint("vat_id ~ '^[A-Z]{2}[0-9A-Z+*]{2,13}$'", name="vat_id_format"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(User.id, ondelete="CASCADE"), index=True)
    first_name: Mapped[str | None] = mapped_column(sa.String(128))
    last_name: Mapped[str | None] = mapped_column(sa.String(128))
    company_name: Mapped[str | None] = mapped_column(sa.String(255))
    vat_id: Mapped[str | None] = mapped_column(sa.String(15), comment="as VIES takes it: country prefix, no spaces")
    phone: Mapped[str | None] = mapped_column(sa.String(32))
    street: Mapped[str | None] = mapped_column(sa.String(255))
    postal_code: Mapped[str | None] = mapped_column(sa.String(16))
    city: Mapped[str | None] = mapped_column(sa.String(128))
    country_code: Mapped[str | None] = mapped_column(sa.String(2), comment="ISO 3166-1 alpha-2")
    currency: Mapped[Currency] = mapped_column(server_default=Currency.EUR)
    stripe_customer_id: Mapped[str | None] = mapped_column(sa.String(255), unique=True)
    lexoffice_contact_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    marketing_consent_at: Mapped[datetime | None] = mapped_column(
        comment="when consent to marketing was given, null without consent"
    )
    preferences: Mapped[dict[str, Any]] = mapped_column(server_default=sa.text("'{}'::jsonb"))

    user: Mapped[User] = relationship(backref=owns("customer_profiles"))


class Notification(CoreBase):
    """A message to a user, on one channel."""

    __tablename__ = "notifications"
    __table_args__ = (
        sa.CheckConstraint("status <> 'sent' OR sent_at IS NOT NULL", name="sent_has_time"),
        # The badge in the shop's header: few rows of many, and asked for on every page.
        sa.Index(
            "ix_notifications_unread",
            "user_id",
            sa.text("created_at DESC"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(User.id, ondelete="CASCADE"), index=True)
    channel: Mapped[NotificationChannel]
    status: Mapped[NotificationStatus] = mapped_column(server_default=NotificationStatus.PENDING)
    kind: Mapped[str] = mapped_column(sa.String(64), comment="which template: order_paid, campaign_finished, ...")
    title: Mapped[str] = mapped_column(sa.String(255))
    body: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(server_default=sa.text("'{}'::jsonb"))
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(backref=owns("notifications"))
