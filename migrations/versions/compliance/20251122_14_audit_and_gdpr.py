"""The audit log, and requests of persons about their data.

Revision ID: 20251122_14_audit_and_gdpr
Revises:
Create Date: 2025-11-22 10:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20251122_14_audit_and_gdpr"
down_revision: str | None = None
branch_labels: tuple[str, ...] | None = ("compliance",)
depends_on: tuple[str, ...] | None = ("20251015_01_initial_user_table",)

GDPR_REQUEST_KIND = postgresql.ENUM(
    "access",
    "rectification",
    "erasure",
    "restriction",
    "portability",
    "objection",
    name="gdpr_request_kind",
    create_type=False,
)
GDPR_REQUEST_STATUS = postgresql.ENUM(
    "received", "verifying", "in_progress", "completed", "rejected", name="gdpr_request_status", create_type=False
)


def upgrade() -> None:
    GDPR_REQUEST_KIND.create(op.get_bind(), checkfirst=False)
    GDPR_REQUEST_STATUS.create(op.get_bind(), checkfirst=False)

    op.create_table(
        "audit_logs",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("actor_user_id", sa.Uuid(), nullable=True, comment="null when a program acted on its own"),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("entity_table", sa.String(63), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column(
            "changes",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment='a column to its values: {"status": ["pending", "paid"]}',
        ),
        sa.Column("ip_address", postgresql.INET(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_logs")),
        sa.ForeignKeyConstraint(
            ["actor_user_id"], ["users.id"], name=op.f("fk_audit_logs_actor_user_id"), ondelete="SET NULL"
        ),
        comment="Who did what to which row. Rows are added, never changed.",
    )
    op.create_index(op.f("ix_audit_logs_actor_user_id"), "audit_logs", ["actor_user_id"])
    op.create_index(op.f("ix_audit_logs_entity_table_entity_id"), "audit_logs", ["entity_table", "entity_id"])
    op.create_index(op.f("ix_audit_logs_occurred_at"), "audit_logs", ["occurred_at"])
    op.execute(
        "CREATE TRIGGER tr_audit_logs_set_updated_at BEFORE UPDATE ON audit_logs "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "gdpr_requests",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("handler_user_id", sa.Uuid(), nullable=True),
        sa.Column("kind", GDPR_REQUEST_KIND, nullable=False),
        sa.Column("status", GDPR_REQUEST_STATUS, server_default="received", nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("(now() + '1 mon'::interval)"),
            nullable=False,
            comment="one month after the request: article 12 (3)",
        ),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gdpr_requests")),
        sa.ForeignKeyConstraint(
            ["handler_user_id"], ["users.id"], name=op.f("fk_gdpr_requests_handler_user_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_gdpr_requests_user_id"), ondelete="RESTRICT"),
        sa.CheckConstraint(
            "status <> 'completed' OR completed_at IS NOT NULL", name=op.f("ck_gdpr_requests_completed_has_time")
        ),
        sa.CheckConstraint("due_at > requested_at", name=op.f("ck_gdpr_requests_due_after_request")),
        comment="A request of a person about their data (GDPR, articles 15 to 21).",
    )
    op.create_index(op.f("ix_gdpr_requests_handler_user_id"), "gdpr_requests", ["handler_user_id"])
    op.create_index(op.f("ix_gdpr_requests_user_id"), "gdpr_requests", ["user_id"])
    op.execute(
        "CREATE TRIGGER tr_gdpr_requests_set_updated_at BEFORE UPDATE ON gdpr_requests "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )


def downgrade() -> None:
    op.drop_table("gdpr_requests")
    op.drop_table("audit_logs")
    GDPR_REQUEST_STATUS.drop(op.get_bind(), checkfirst=False)
    GDPR_REQUEST_KIND.drop(op.get_bind(), checkfirst=False)
