"""What was said to Lexoffice about an invoice.

Revision ID: 20251108_10_lexoffice_sync_logs
Revises:
Create Date: 2025-11-08 10:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20251108_10_lexoffice_sync_logs"
down_revision: str | None = None
branch_labels: tuple[str, ...] | None = ("lexoffice",)
depends_on: tuple[str, ...] | None = (
    "20251015_01_initial_user_table",
    "20251108_09_invoices_and_subscriptions",
)

LEXOFFICE_SYNC_DIRECTION = postgresql.ENUM("push", "pull", name="lexoffice_sync_direction", create_type=False)
LEXOFFICE_SYNC_STATUS = postgresql.ENUM(
    "pending", "succeeded", "failed", name="lexoffice_sync_status", create_type=False
)


def upgrade() -> None:
    LEXOFFICE_SYNC_DIRECTION.create(op.get_bind(), checkfirst=False)
    LEXOFFICE_SYNC_STATUS.create(op.get_bind(), checkfirst=False)

    op.create_table(
        "lexoffice_sync_logs",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("direction", LEXOFFICE_SYNC_DIRECTION, nullable=False),
        sa.Column("status", LEXOFFICE_SYNC_STATUS, server_default="pending", nullable=False),
        sa.Column("attempt", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("http_status", sa.SmallInteger(), nullable=True),
        sa.Column("request_payload", postgresql.JSONB(), nullable=True),
        sa.Column("response_payload", postgresql.JSONB(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lexoffice_sync_logs")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_lexoffice_sync_logs_invoice_id"), ondelete="CASCADE"
        ),
        sa.CheckConstraint("attempt > 0", name=op.f("ck_lexoffice_sync_logs_attempt_positive")),
        sa.CheckConstraint(
            "status = 'pending' OR finished_at IS NOT NULL", name=op.f("ck_lexoffice_sync_logs_finished_has_time")
        ),
        comment="One attempt to bring an invoice and Lexoffice into line.",
    )
    op.create_index(op.f("ix_lexoffice_sync_logs_invoice_id"), "lexoffice_sync_logs", ["invoice_id"])
    op.execute(
        "CREATE TRIGGER tr_lexoffice_sync_logs_set_updated_at BEFORE UPDATE ON lexoffice_sync_logs "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )


def downgrade() -> None:
    op.drop_table("lexoffice_sync_logs")
    LEXOFFICE_SYNC_STATUS.drop(op.get_bind(), checkfirst=False)
    LEXOFFICE_SYNC_DIRECTION.drop(op.get_bind(), checkfirst=False)
