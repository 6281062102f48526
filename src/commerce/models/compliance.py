"""What has to be shown to an auditor or to a data protection authority."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commerce.base import CoreBase, owns
from commerce.enums import GdprRequestKind, GdprRequestStatus
from commerce.models.auth import User

__all__ = ["AuditLog", "GdprRequest"]


class AuditLog(CoreBase):
    """Who did what to which row. Rows are added, never changed."""

    __tablename__ = "audit_logs"
    __table_args__ = (sa.Index(None, "entity_table", "entity_id"),)

    actor_user_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey(User.id, ondelete="SET NULL"), index=True, comment="null when a program acted on its own"
    )
    action: Mapped[str] = mapped_column(sa.String(64))
    entity_table: Mapped[str] = mapped_column(sa.String(63))
    entity_id: Mapped[uuid.UUID]
    changes: Mapped[dict[str, Any]] = mapped_column(
        server_default=sa.text("'{}'::jsonb"), comment='a column to its values: {"status": ["pending", "paid"]}'
    )
    ip_address: Mapped[str | None] = mapped_column(INET)
    occurred_at: Mapped[datetime] = mapped_column(server_default=sa.func.now(), index=True)

    actor: Mapped[User | None] = relationship(backref=owns("audit_logs"))


class GdprRequest(CoreBase):
    """A request of a person about their data (GDPR, articles 15 to 21)."""

    __tablename__ = "gdpr_requests"
    __table_args__ = (
        sa.CheckConstraint("due_at > requested_at", name="due_after_request"),
        sa.CheckConstraint("status <> 'completed' OR completed_at IS NOT NULL", name="completed_has_time"),
    )

    # The answer has to be provable, so the user's row stays: an erasure empties it instead (users.deleted_at).
    user_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(User.id, ondelete="RESTRICT"), index=True)
    handler_user_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey(User.id, ondelete="SET NULL"), index=True)
    kind: Mapped[GdprRequestKind]
    status: Mapped[GdprRequestStatus] = mapped_column(server_default=GdprRequestStatus.RECEIVED)
    requested_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    due_at: Mapped[datetime] = mapped_column(
        server_default=sa.text("(now() + '1 mon'::interval)"), comment="one month after the request: article 12 (3)"
    )
    completed_at: Mapped[datetime | None]
    notes: Mapped[str | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id], backref=owns("gdpr_requests"))
    handler: Mapped[User | None] = relationship(foreign_keys=[handler_user_id], backref=owns("handled_gdpr_requests"))
