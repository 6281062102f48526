"""Configurable products: types of option groups, add-ons, custom fields, subscription plans.

Revision ID: 20251015_05_product_configuration
Revises: 20251015_03_commerce_core
Create Date: 2025-10-15 13:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20251015_05_product_configuration"
down_revision: str | None = "20251015_03_commerce_core"
branch_labels: tuple[str, ...] | None = None
depends_on: tuple[str, ...] | None = None

OPTION_GROUP_TYPE = postgresql.ENUM(
    "single_choice", "multiple_choice", "quantity", name="option_group_type", create_type=False
)
CUSTOM_FIELD_TYPE = postgresql.ENUM(
    "text", "number", "boolean", "date", "url", "instagram_handle", name="custom_field_type", create_type=False
)
BILLING_INTERVAL = postgresql.ENUM("week", "month", "year", name="billing_interval", create_type=False)
CURRENCY = postgresql.ENUM(name="currency", create_type=False)


def upgrade() -> None:
    OPTION_GROUP_TYPE.create(op.get_bind(), checkfirst=False)
    CUSTOM_FIELD_TYPE.create(op.get_bind(), checkfirst=False)
    BILLING_INTERVAL.create(op.get_bind(), checkfirst=False)

    # A constant default makes this instant however many rows there are, and lets the release before go on inserting.
    op.add_column(
        "product_option_groups",
        sa.Column("group_type", OPTION_GROUP_TYPE, server_default="single_choice", nullable=False),
    )

    op.create_table(
        "product_addons",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(64), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("price", sa.Numeric(12, 2), nullable=False),
        sa.Column("currency", CURRENCY, server_default="EUR", nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="soft delete: when the row was withdrawn, null while it is live",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_addons")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_addons_product_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("product_id", "slug", name=op.f("uq_product_addons_product_id_slug")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_product_addons_price_not_negative")),
        comment="Something extra that can be bought with a product.",
    )
    op.execute(
        "CREATE TRIGGER tr_product_addons_set_updated_at BEFORE UPDATE ON product_addons "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "product_custom_fields",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False, comment="the key of the answer in order_items.configuration"),
        sa.Column("label", sa.String(128), nullable=False),
        sa.Column("field_type", CUSTOM_FIELD_TYPE, nullable=False),
        sa.Column("is_required", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "validation",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="a JSON Schema fragment",
        ),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="soft delete: when the row was withdrawn, null while it is live",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_custom_fields")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_custom_fields_product_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("product_id", "key", name=op.f("uq_product_custom_fields_product_id_key")),
        sa.CheckConstraint("key ~ '^[a-z][a-z0-9_]*$'", name=op.f("ck_product_custom_fields_key_format")),
        comment="A field that a buyer fills in for a product: an Instagram handle, a start date.",
    )
    op.execute(
        "CREATE TRIGGER tr_product_custom_fields_set_updated_at BEFORE UPDATE ON product_custom_fields "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "subscription_plans",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("stripe_price_id", sa.String(255), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("price", sa.Numeric(12, 2), nullable=False),
        sa.Column("currency", CURRENCY, server_default="EUR", nullable=False),
        sa.Column("billing_interval", BILLING_INTERVAL, server_default="month", nullable=False),
        sa.Column(
            "interval_count",
            sa.SmallInteger(),
            server_default=sa.text("1"),
            nullable=False,
            comment="3 and month: every quarter",
        ),
        sa.Column("trial_days", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="soft delete: when the row was withdrawn, null while it is live",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_plans")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_subscription_plans_product_id"), ondelete="RESTRICT"
        ),
        sa.UniqueConstraint("stripe_price_id", name=op.f("uq_subscription_plans_stripe_price_id")),
        sa.CheckConstraint("interval_count > 0", name=op.f("ck_subscription_plans_interval_count_positive")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_subscription_plans_price_not_negative")),
        sa.CheckConstraint("trial_days >= 0", name=op.f("ck_subscription_plans_trial_days_not_negative")),
        comment="What a product costs by the period; Stripe's price object.",
    )
    op.create_index(op.f("ix_subscription_plans_product_id"), "subscription_plans", ["product_id"])
    op.execute(
        "CREATE TRIGGER tr_subscription_plans_set_updated_at BEFORE UPDATE ON subscription_plans "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )


def downgrade() -> None:
    op.drop_table("subscription_plans")
    op.drop_table("product_custom_fields")
    op.drop_table("product_addons")
    op.drop_column("product_option_groups", "group_type")
    BILLING_INTERVAL.drop(op.get_bind(), checkfirst=False)
    CUSTOM_FIELD_TYPE.drop(op.get_bind(), checkfirst=False)
    OPTION_GROUP_TYPE.drop(op.get_bind(), checkfirst=False)
