"""The other services: what the shop signs in to them with, and what they report."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from commerce.base import CoreBase
from commerce.enums import CredentialOwnerType, IntegrationService, WebhookProvider

__all__ = ["IntegrationCredential", "WebhookEvent"]


class IntegrationCredential(CoreBase):
    """A secret for a service, encrypted by the application."""

    __tablename__ = "integration_credentials"
    __table_args__ = (
        sa.UniqueConstraint("owner_type", "owner_id", "service"),
        sa.CheckConstraint("key_version > 0", name="key_version_positive"),
    )

    owner_type: Mapped[CredentialOwnerType]
    owner_id: Mapped[uuid.UUID] = mapped_column(
        comment="id in the table that owner_type names; no foreign key can say that"
    )
    service: Mapped[IntegrationService]
    encrypted_secret: Mapped[bytes]
    key_version: Mapped[int] = mapped_column(
        sa.SmallInteger,
        server_default=sa.text("1"),
        comment="which of the application's keys the secret is encrypted with",
    )
    scopes: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default=sa.text("'{}'::text[]"))
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class WebhookEvent(CoreBase):
    """What a provider reported, once an event however often it is delivered."""

    __tablename__ = "webhook_events"
    __table_args__ = (
        sa.UniqueConstraint("provider", "external_id"),
        sa.CheckConstraint("attempts >= 0", name="attempts_not_negative"),
    )

    provider: Mapped[WebhookProvider]
    external_id: Mapped[str] = mapped_column(
        sa.String(255), comment="the provider's id of the event: evt_... of Stripe"
    )
    event_type: Mapped[str] = mapped_column(sa.String(128))
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    processed_at: Mapped[datetime | None] = mapped_column(index=True, comment="null until its effects are committed")
    attempts: Mapped[int] = mapped_column(server_default=sa.text("0"))
    last_error: Mapped[str | None]
