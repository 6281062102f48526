"""Carts, and what happened to an order.

Revision ID: 20251101_08_carts_and_order_events
Revises: 20251101_07_product_catalog
Create Date: 2025-11-01 11:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20251101_08_carts_and_order_events"
down_revision: str | None = "20251101_07_product_catalog"
branch_labels: tuple[str, ...] | None = None
depends_on: tuple[str, ...] | None = None

CURRENCY = postgresql.ENUM(name="currency", create_type=False)
ORDER_STATUS = postgresql.ENUM(name="order_status", create_type=False)


def upgrade() -> None:
    op.create_table(
        "carts",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column(
            "session_id",
            sa.String(255),
            nullable=True,
            comment="the visitor's cookie, no foreign key: visitors have no row in sessions",
        ),
        sa.Column("currency", CURRENCY, server_default="EUR", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carts")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_carts_user_id"), ondelete="CASCADE"),
        sa.CheckConstraint("user_id IS NOT NULL OR session_id IS NOT NULL", name=op.f("ck_carts_has_owner")),
        comment="What somebody is about to buy, signed in or not.",
    )
    op.create_index(op.f("ix_carts_session_id"), "carts", ["session_id"])
    op.create_index(op.f("ix_carts_user_id"), "carts", ["user_id"])
    op.execute(
        "CREATE TRIGGER tr_carts_set_updated_at BEFORE UPDATE ON carts "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "cart_items",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("cart_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("product_variant_id", sa.Uuid(), nullable=True),
        sa.Column("quantity", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("configuration", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart_items")),
        sa.ForeignKeyConstraint(["cart_id"], ["carts.id"], name=op.f("fk_cart_items_cart_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_cart_items_product_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_variant_id"],
            ["product_variants.id"],
            name=op.f("fk_cart_items_product_variant_id"),
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_cart_items_quantity_positive")),
        comment="A product in a cart, as configured.",
    )
    op.create_index(op.f("ix_cart_items_cart_id"), "cart_items", ["cart_id"])
    op.create_index(op.f("ix_cart_items_product_id"), "cart_items", ["product_id"])
    op.create_index(op.f("ix_cart_items_product_variant_id"), "cart_items", ["product_variant_id"])
    op.execute(
        "CREATE TRIGGER tr_cart_items_set_updated_at BEFORE UPDATE ON cart_items "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "order_events",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("actor_user_id", sa.Uuid(), nullable=True, comment="null when a program acted on its own"),
        sa.Column("event_type", sa.String(64), nullable=False),
        sa.Column("from_status", ORDER_STATUS, nullable=True),
        sa.Column("to_status", ORDER_STATUS, nullable=True),
        sa.Column("payload", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_events")),
        sa.ForeignKeyConstraint(
            ["actor_user_id"], ["users.id"], name=op.f("fk_order_events_actor_user_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_events_order_id"), ondelete="CASCADE"),
        comment="Something that happened to an order. Rows are added, never changed.",
    )
    op.create_index(op.f("ix_order_events_actor_user_id"), "order_events", ["actor_user_id"])
    op.create_index(op.f("ix_order_events_order_id_occurred_at"), "order_events", ["order_id", "occurred_at"])
    op.execute(
        "CREATE TRIGGER tr_order_events_set_updated_at BEFORE UPDATE ON order_events "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )


def downgrade() -> None:
    op.drop_table("order_events")
    op.drop_table("cart_items")
    op.drop_table("carts")
