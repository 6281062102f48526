"""Invoices and subscriptions.

Revision ID: 20251108_09_invoices_and_subscriptions
Revises:
Create Date: 2025-11-08 09:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20251108_09_invoices_and_subscriptions"
down_revision: str | None = None
branch_labels: tuple[str, ...] | None = ("billing",)
depends_on: tuple[str, ...] | None = (
    "20251015_01_initial_user_table",
    "20251015_02_customer_profile_notifications",
    "20251015_05_product_configuration",
)

INVOICE_STATUS = postgresql.ENUM(
    "draft", "open", "paid", "void", "uncollectible", name="invoice_status", create_type=False
)
SUBSCRIPTION_STATUS = postgresql.ENUM(
    "incomplete",
    "incomplete_expired",
    "trialing",
    "active",
    "past_due",
    "unpaid",
    "paused",
    "canceled",
    name="subscription_status",
    create_type=False,
)
CURRENCY = postgresql.ENUM(name="currency", create_type=False)


def upgrade() -> None:
    INVOICE_STATUS.create(op.get_bind(), checkfirst=False)
    SUBSCRIPTION_STATUS.create(op.get_bind(), checkfirst=False)

    op.create_table(
        "invoices",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("invoice_number", sa.String(32), nullable=False),
        sa.Column("status", INVOICE_STATUS, server_default="draft", nullable=False),
        sa.Column("currency", CURRENCY, server_default="EUR", nullable=False),
        sa.Column("net_amount", sa.Numeric(12, 2), nullable=False),
        sa.Column("tax_amount", sa.Numeric(12, 2), nullable=False),
        sa.Column("gross_amount", sa.Numeric(12, 2), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True, comment="null while a draft"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lexoffice_invoice_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_invoices_order_id"), ondelete="RESTRICT"),
        sa.UniqueConstraint("invoice_number", name=op.f("uq_invoices_invoice_number")),
        sa.UniqueConstraint("lexoffice_invoice_id", name=op.f("uq_invoices_lexoffice_invoice_id")),
        sa.CheckConstraint("net_amount >= 0 AND tax_amount >= 0", name=op.f("ck_invoices_amounts_not_negative")),
        sa.CheckConstraint("due_on >= issued_on", name=op.f("ck_invoices_due_after_issue")),
        sa.CheckConstraint("gross_amount = net_amount + tax_amount", name=op.f("ck_invoices_gross_amount_sum")),
        sa.CheckConstraint("status <> 'paid' OR paid_at IS NOT NULL", name=op.f("ck_invoices_paid_has_time")),
        comment="A bill for an order; the legal document itself is kept by Lexoffice.",
    )
    op.create_index(op.f("ix_invoices_order_id"), "invoices", ["order_id"])
    op.execute(
        "CREATE TRIGGER tr_invoices_set_updated_at BEFORE UPDATE ON invoices "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_plan_id", sa.Uuid(), nullable=False),
        sa.Column("stripe_subscription_id", sa.String(255), nullable=False),
        sa.Column("status", SUBSCRIPTION_STATUS, server_default="incomplete", nullable=False),
        sa.Column("current_period_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("current_period_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_at_period_end", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("trial_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "canceled_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was given notice of; it may run on until ended_at",
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.ForeignKeyConstraint(
            ["subscription_plan_id"],
            ["subscription_plans.id"],
            name=op.f("fk_subscriptions_subscription_plan_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_subscriptions_user_id"), ondelete="RESTRICT"),
        sa.UniqueConstraint("stripe_subscription_id", name=op.f("uq_subscriptions_stripe_subscription_id")),
        sa.CheckConstraint("current_period_end > current_period_start", name=op.f("ck_subscriptions_period_order")),
        comment="A plan that a user pays for period after period; Stripe's object is the truth, this row its copy.",
    )
    op.create_index(op.f("ix_subscriptions_subscription_plan_id"), "subscriptions", ["subscription_plan_id"])
    op.create_index(op.f("ix_subscriptions_user_id"), "subscriptions", ["user_id"])
    op.execute(
        "CREATE TRIGGER tr_subscriptions_set_updated_at BEFORE UPDATE ON subscriptions "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )


def downgrade() -> None:
    op.drop_table("subscriptions")
    op.drop_table("invoices")
    SUBSCRIPTION_STATUS.drop(op.get_bind(), checkfirst=False)
    INVOICE_STATUS.drop(op.get_bind(), checkfirst=False)
