"""An index on unread notifications, for the badge on every page of the shop; built without locking the table.

Revision ID: 20251129_16_unread_notifications_index
Revises: 20251015_02_customer_profile_notifications
Create Date: 2025-11-29 10:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision: str = "20251129_16_unread_notifications_index"
down_revision: str | None = "20251015_02_customer_profile_notifications"
branch_labels: tuple[str, ...] | None = None
depends_on: tuple[str, ...] | None = None


def upgrade() -> None:
    # CONCURRENTLY runs outside a transaction, so an attempt that failed or was interrupted leaves an invalid index
    # under this name, and IF NOT EXISTS would take that for the real one: remove it, then build.
    with op.get_context().autocommit_block():
        op.drop_index(op.f("ix_notifications_unread"), "notifications", postgresql_concurrently=True, if_exists=True)
        op.create_index(
            op.f("ix_notifications_unread"),
            "notifications",
            ["user_id", sa.text("created_at DESC")],
            postgresql_where=sa.text("read_at IS NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(op.f("ix_notifications_unread"), "notifications", postgresql_concurrently=True, if_exists=True)
