"""What customers ask and what the shop publishes; both are searched by their words."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commerce.base import CoreBase, SoftDelete, owns
from commerce.enums import MarketingContentKind, PublicationStatus, SupportTicketPriority, SupportTicketStatus
from commerce.models.auth import User
from commerce.models.commerce import Order

__all__ = ["MarketingContent", "SupportTicket"]

# Both expressions are written as PostgreSQL prints them: Alembic compares the texts,
# the line breaks of a CASE included, and can only warn of a difference.

# Customers write in any language: no stemming, and no stop words.
_TICKET_SEARCH = """\
(setweight(to_tsvector('simple'::regconfig, (subject)::text), 'A'::"char") \
|| setweight(to_tsvector('simple'::regconfig, body), 'B'::"char"))"""

# Contents say what language they are in.
_CONTENT_CONFIG = """
CASE locale
    WHEN 'de'::text THEN 'german'::regconfig
    WHEN 'en'::text THEN 'english'::regconfig
    ELSE 'simple'::regconfig
END"""
_CONTENT_SEARCH = f"""\
(setweight(to_tsvector({_CONTENT_CONFIG}, (title)::text), 'A'::"char") \
|| setweight(to_tsvector({_CONTENT_CONFIG}, body), 'B'::"char"))"""


class SupportTicket(CoreBase):
    """A question or complaint of a user."""

    __tablename__ = "support_tickets"
    __table_args__ = (
        sa.Index(None, "search", postgresql_using="gin"),
        sa.CheckConstraint("status <> 'closed' OR closed_at IS NOT NULL", name="closed_has_time"),
    )

    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(User.id, ondelete="CASCADE"), index=True)
    order_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey(Order.id, ondelete="SET NULL"), index=True)
    assignee_user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey(User.id, ondelete="SET NULL"), index=True)
    ticket_number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    subject: Mapped[str] = mapped_column(sa.String(255))
    body: Mapped[str]
    status: Mapped[SupportTicketStatus] = mapped_column(server_default=SupportTicketStatus.OPEN)
    priority: Mapped[SupportTicketPriority] = mapped_column(server_default=SupportTicketPriority.NORMAL)
    closed_at: Mapped[datetime | None]
    search: Mapped[str] = mapped_column(
        TSVECTOR, sa.Computed(_TICKET_SEARCH, persisted=True), nullable=True, comment="full text of subject and body"
    )

    user: Mapped[User] = relationship(foreign_keys=[user_id], backref=owns("support_tickets"))
    order: Mapped[Order | None] = relationship(backref=owns("support_tickets"))
    assignee: Mapped[User | None] = relationship(
        foreign_keys=[assignee_user_id], backref=owns("assigned_support_tickets")
    )


class MarketingContent(SoftDelete, CoreBase):
    """An article, landing page or newsletter, in one language."""

    __tablename__ = "marketing_contents"
    __table_args__ = (
        sa.UniqueConstraint("slug", "locale"),
        sa.Index(None, "search", postgresql_using="gin"),
        sa.CheckConstraint("locale ~ '^[a-z]{2}$'", name="locale_format"),
        sa.CheckConstraint("status <> 'published' OR published_at IS NOT NULL", name="published_has_time"),
    )

    author_user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey(User.id, ondelete="SET NULL"), index=True)
    slug: Mapped[str] = mapped_column(sa.String(128))
    locale: Mapped[str] = mapped_column(server_default="de", comment="ISO 639-1")
    kind: Mapped[MarketingContentKind]
    status: Mapped[PublicationStatus] = mapped_column(server_default=PublicationStatus.DRAFT)
    title: Mapped[str] = mapped_column(sa.String(255))
    body: Mapped[str]
    tags: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default=sa.text("'{}'::text[]"))
    published_at: Mapped[datetime | None]
    search: Mapped[str] = mapped_column(
        TSVECTOR, sa.Computed(_CONTENT_SEARCH, persisted=True), nullable=True, comment="full text of title and body"
    )

    author: Mapped[User | None] = relationship(backref=owns("marketing_contents"))
