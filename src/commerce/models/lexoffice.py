"""What was said to Lexoffice, which keeps the books."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from commerce.base import CoreBase, owns
from commerce.enums import LexofficeSyncDirection, LexofficeSyncStatus
from commerce.models.billing import Invoice

__all__ = ["LexofficeSyncLog"]


class LexofficeSyncLog(CoreBase):
    """One attempt to bring an invoice and Lexoffice into line."""

    __tablename__ = "lexoffice_sync_logs"
    __table_args__ = (
        sa.CheckConstraint("attempt > 0", name="attempt_positive"),
        sa.CheckConstraint("status = 'pending' OR finished_at IS NOT NULL", name="finished_has_time"),
    )

    invoice_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey(Invoice.id, ondelete="CASCADE"), index=True)
    direction: Mapped[LexofficeSyncDirection]
    status: Mapped[LexofficeSyncStatus] = mapped_column(server_default=LexofficeSyncStatus.PENDING)
    attempt: Mapped[int] = mapped_column(sa.SmallInteger, server_default=sa.text("1"))
    http_status: Mapped[int | None] = mapped_column(sa.SmallInteger)
    request_payload: Mapped[dict[str, Any] | None]
    response_payload: Mapped[dict[str, Any] | None]
    error: Mapped[str | None]
    started_at: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    finished_at: Mapped[datetime | None]

    invoice: Mapped[Invoice] = relationship(backref=owns("lexoffice_sync_logs"))
