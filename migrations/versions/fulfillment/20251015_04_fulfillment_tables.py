"""Fulfillment tasks, Instagram accounts and their figures, service campaigns and their activities.

Revision ID: 20251015_04_fulfillment_tables
Revises:
Create Date: 2025-10-15 12:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20251015_04_fulfillment_tables"
down_revision: str | None = None
branch_labels: tuple[str, ...] | None = ("fulfillment",)
depends_on: tuple[str, ...] | None = (
    "20251015_01_initial_user_table",
    "20251015_02_customer_profile_notifications",
    "20251015_03_commerce_core",
)

FULFILLMENT_STATUS = postgresql.ENUM(
    "pending",
    "in_progress",
    "blocked",
    "completed",
    "failed",
    "cancelled",
    name="fulfillment_status",
    create_type=False,
)
INSTAGRAM_ACCOUNT_STATUS = postgresql.ENUM(
    "connected", "disconnected", "suspended", name="instagram_account_status", create_type=False
)
CAMPAIGN_STATUS = postgresql.ENUM(
    "draft", "scheduled", "running", "paused", "completed", "cancelled", name="campaign_status", create_type=False
)
CAMPAIGN_ACTIVITY_TYPE = postgresql.ENUM(
    "post", "story", "reel", "comment", "outreach", "report", name="campaign_activity_type", create_type=False
)
CURRENCY = postgresql.ENUM(name="currency", create_type=False)


def upgrade() -> None:
    FULFILLMENT_STATUS.create(op.get_bind(), checkfirst=False)
    INSTAGRAM_ACCOUNT_STATUS.create(op.get_bind(), checkfirst=False)
    CAMPAIGN_STATUS.create(op.get_bind(), checkfirst=False)
    CAMPAIGN_ACTIVITY_TYPE.create(op.get_bind(), checkfirst=False)

    op.create_table(
        "fulfillment_tasks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("order_item_id", sa.Uuid(), nullable=False),
        sa.Column("assignee_user_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("status", FULFILLMENT_STATUS, server_default="pending", nullable=False),
        sa.Column(
            "priority", sa.SmallInteger(), server_default=sa.text("5"), nullable=False, comment="0 is the most urgent"
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfillment_tasks")),
        sa.ForeignKeyConstraint(
            ["assignee_user_id"], ["users.id"], name=op.f("fk_fulfillment_tasks_assignee_user_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["order_item_id"], ["order_items.id"], name=op.f("fk_fulfillment_tasks_order_item_id"), ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "status <> 'completed' OR completed_at IS NOT NULL", name=op.f("ck_fulfillment_tasks_completed_has_time")
        ),
        sa.CheckConstraint("priority BETWEEN 0 AND 9", name=op.f("ck_fulfillment_tasks_priority_range")),
        comment="A piece of work that an order item calls for.",
    )
    op.create_index(op.f("ix_fulfillment_tasks_assignee_user_id"), "fulfillment_tasks", ["assignee_user_id"])
    op.create_index(op.f("ix_fulfillment_tasks_order_item_id"), "fulfillment_tasks", ["order_item_id"])
    op.execute(
        "CREATE TRIGGER tr_fulfillment_tasks_set_updated_at BEFORE UPDATE ON fulfillment_tasks "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "instagram_accounts",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("customer_profile_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(30), nullable=False, comment="lower case, without the @"),
        sa.Column(
            "instagram_user_id",
            sa.String(64),
            nullable=True,
            comment="the Graph API's id; a handle may be renamed, this stays",
        ),
        sa.Column("display_name", sa.String(255), nullable=True),
        sa.Column("status", INSTAGRAM_ACCOUNT_STATUS, server_default="connected", nullable=False),
        sa.Column("last_synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="soft delete: when the row was withdrawn, null while it is live",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instagram_accounts")),
        sa.ForeignKeyConstraint(
            ["customer_profile_id"],
            ["customer_profiles.id"],
            name=op.f("fk_instagram_accounts_customer_profile_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("handle", name=op.f("uq_instagram_accounts_handle")),
        sa.UniqueConstraint("instagram_user_id", name=op.f("uq_instagram_accounts_instagram_user_id")),
        sa.CheckConstraint("handle ~ '^[a-z0-9._]{1,30}$'", name=op.f("ck_instagram_accounts_handle_format")),
        comment="An Instagram account that a customer has the shop work on.",
    )
    op.create_index(op.f("ix_instagram_accounts_customer_profile_id"), "instagram_accounts", ["customer_profile_id"])
    op.execute(
        "CREATE TRIGGER tr_instagram_accounts_set_updated_at BEFORE UPDATE ON instagram_accounts "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "instagram_account_snapshots",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column(
            "customer_profile_id",
            sa.Uuid(),
            nullable=False,
            comment="the account's owner, repeated here so that a customer's figures are one index scan",
        ),
        sa.Column("instagram_account_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("followers_count", sa.Integer(), nullable=False),
        sa.Column("following_count", sa.Integer(), nullable=False),
        sa.Column("media_count", sa.Integer(), nullable=False),
        sa.Column("engagement_rate", sa.Numeric(7, 4), nullable=True, comment="percent"),
        sa.Column(
            "metrics",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="what else the Graph API's insights said",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instagram_account_snapshots")),
        sa.ForeignKeyConstraint(
            ["customer_profile_id"],
            ["customer_profiles.id"],
            name=op.f("fk_instagram_account_snapshots_customer_profile_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["instagram_account_id"],
            ["instagram_accounts.id"],
            name=op.f("fk_instagram_account_snapshots_instagram_account_id"),
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "instagram_account_id",
            "recorded_at",
            name=op.f("uq_instagram_account_snapshots_instagram_account_id_recorded_at"),
        ),
        sa.CheckConstraint(
            "followers_count >= 0 AND following_count >= 0 AND media_count >= 0",
            name=op.f("ck_instagram_account_snapshots_counts_not_negative"),
        ),
        comment="An account's figures at one moment. Rows are added, never changed.",
    )
    op.create_index(
        op.f("ix_instagram_account_snapshots_customer_profile_id_recorded_at"),
        "instagram_account_snapshots",
        ["customer_profile_id", sa.text("recorded_at DESC")],
    )
    op.execute(
        "CREATE TRIGGER tr_instagram_account_snapshots_set_updated_at BEFORE UPDATE ON instagram_account_snapshots "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "service_campaigns",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("customer_profile_id", sa.Uuid(), nullable=False),
        sa.Column("order_item_id", sa.Uuid(), nullable=True),
        sa.Column("instagram_account_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("status", CAMPAIGN_STATUS, server_default="draft", nullable=False),
        sa.Column("budget_amount", sa.Numeric(12, 2), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", CURRENCY, server_default="EUR", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True, comment="the last day, included"),
        sa.Column("goals", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="soft delete: when the row was withdrawn, null while it is live",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_campaigns")),
        sa.ForeignKeyConstraint(
            ["customer_profile_id"],
            ["customer_profiles.id"],
            name=op.f("fk_service_campaigns_customer_profile_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["instagram_account_id"],
            ["instagram_accounts.id"],
            name=op.f("fk_service_campaigns_instagram_account_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["order_item_id"], ["order_items.id"], name=op.f("fk_service_campaigns_order_item_id"), ondelete="SET NULL"
        ),
        sa.CheckConstraint("budget_amount >= 0", name=op.f("ck_service_campaigns_budget_amount_not_negative")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_service_campaigns_period_order")),
        comment="A service that runs over weeks: growth, content, advertising.",
    )
    op.create_index(op.f("ix_service_campaigns_customer_profile_id"), "service_campaigns", ["customer_profile_id"])
    op.create_index(op.f("ix_service_campaigns_instagram_account_id"), "service_campaigns", ["instagram_account_id"])
    op.create_index(op.f("ix_service_campaigns_order_item_id"), "service_campaigns", ["order_item_id"])
    op.execute(
        "CREATE TRIGGER tr_service_campaigns_set_updated_at BEFORE UPDATE ON service_campaigns "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "campaign_activities",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("service_campaign_id", sa.Uuid(), nullable=False),
        sa.Column("fulfillment_task_id", sa.Uuid(), nullable=True),
        sa.Column("activity_type", CAMPAIGN_ACTIVITY_TYPE, nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("metrics", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_activities")),
        sa.ForeignKeyConstraint(
            ["fulfillment_task_id"],
            ["fulfillment_tasks.id"],
            name=op.f("fk_campaign_activities_fulfillment_task_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["service_campaign_id"],
            ["service_campaigns.id"],
            name=op.f("fk_campaign_activities_service_campaign_id"),
            ondelete="CASCADE",
        ),
        comment="Something that was done for a campaign, as the customer's report lists it.",
    )
    op.create_index(op.f("ix_campaign_activities_fulfillment_task_id"), "campaign_activities", ["fulfillment_task_id"])
    op.create_index(
        op.f("ix_campaign_activities_service_campaign_id_occurred_at"),
        "campaign_activities",
        ["service_campaign_id", "occurred_at"],
    )
    op.execute(
        "CREATE TRIGGER tr_campaign_activities_set_updated_at BEFORE UPDATE ON campaign_activities "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )


def downgrade() -> None:
    op.drop_table("campaign_activities")
    op.drop_table("service_campaigns")
    op.drop_table("instagram_account_snapshots")
    op.drop_table("instagram_accounts")
    op.drop_table("fulfillment_tasks")
    CAMPAIGN_ACTIVITY_TYPE.drop(op.get_bind(), checkfirst=False)
    CAMPAIGN_STATUS.drop(op.get_bind(), checkfirst=False)
    INSTAGRAM_ACCOUNT_STATUS.drop(op.get_bind(), checkfirst=False)
    FULFILLMENT_STATUS.drop(op.get_bind(), checkfirst=False)
