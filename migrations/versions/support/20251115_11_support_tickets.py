"""Support tickets, with full-text search.

Revision ID: 20251115_11_support_tickets
Revises:
Create Date: 2025-11-15 09:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20251115_11_support_tickets"
down_revision: str | None = None
branch_labels: tuple[str, ...] | None = ("support",)
depends_on: tuple[str, ...] | None = (
    "20251015_01_initial_user_table",
    "20251015_03_commerce_core",
)

SUPPORT_TICKET_STATUS = postgresql.ENUM(
    "open", "pending", "resolved", "closed", name="support_ticket_status", create_type=False
)
SUPPORT_TICKET_PRIORITY = postgresql.ENUM(
    "low", "normal", "high", "urgent", name="support_ticket_priority", create_type=False
)

# Customers write in any language: no stemming, and no stop words. As PostgreSQL prints it.
SEARCH = """\
(setweight(to_tsvector('simple'::regconfig, (subject)::text), 'A'::"char") \
|| setweight(to_tsvector('simple'::regconfig, body), 'B'::"char"))"""


def upgrade() -> None:
    SUPPORT_TICKET_STATUS.create(op.get_bind(), checkfirst=False)
    SUPPORT_TICKET_PRIORITY.create(op.get_bind(), checkfirst=False)

    op.create_table(
        "support_tickets",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("assignee_user_id", sa.Uuid(), nullable=True),
        sa.Column("ticket_number", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", SUPPORT_TICKET_STATUS, server_default="open", nullable=False),
        sa.Column("priority", SUPPORT_TICKET_PRIORITY, server_default="normal", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed(SEARCH, persisted=True),
            nullable=True,
            comment="full text of subject and body",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_tickets")),
        sa.ForeignKeyConstraint(
            ["assignee_user_id"], ["users.id"], name=op.f("fk_support_tickets_assignee_user_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_support_tickets_order_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_support_tickets_user_id"), ondelete="CASCADE"),
        sa.UniqueConstraint("ticket_number", name=op.f("uq_support_tickets_ticket_number")),
        sa.CheckConstraint(
            "status <> 'closed' OR closed_at IS NOT NULL", name=op.f("ck_support_tickets_closed_has_time")
        ),
        comment="A question or complaint of a user.",
    )
    op.create_index(op.f("ix_support_tickets_assignee_user_id"), "support_tickets", ["assignee_user_id"])
    op.create_index(op.f("ix_support_tickets_order_id"), "support_tickets", ["order_id"])
    op.create_index(op.f("ix_support_tickets_search"), "support_tickets", ["search"], postgresql_using="gin")
    op.create_index(op.f("ix_support_tickets_user_id"), "support_tickets", ["user_id"])
    op.execute(
        "CREATE TRIGGER tr_support_tickets_set_updated_at BEFORE UPDATE ON support_tickets "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )


def downgrade() -> None:
    op.drop_table("support_tickets")
    SUPPORT_TICKET_PRIORITY.drop(op.get_bind(), checkfirst=False)
    SUPPORT_TICKET_STATUS.drop(op.get_bind(), checkfirst=False)
