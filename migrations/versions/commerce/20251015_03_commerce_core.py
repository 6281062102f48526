"""Products and their options, orders and their items, payments.

Revision ID: 20251015_03_commerce_core
Revises:
Create Date: 2025-10-15 11:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20251015_03_commerce_core"
down_revision: str | None = None
branch_labels: tuple[str, ...] | None = ("commerce",)
depends_on: tuple[str, ...] | None = (
    "20251015_01_initial_user_table",
    "20251015_02_customer_profile_notifications",
)

PRODUCT_KIND = postgresql.ENUM("one_time", "subscription", name="product_kind", create_type=False)
PUBLICATION_STATUS = postgresql.ENUM("draft", "published", "archived", name="publication_status", create_type=False)
ORDER_STATUS = postgresql.ENUM(
    "pending", "paid", "processing", "completed", "cancelled", "refunded", name="order_status", create_type=False
)
PAYMENT_STATUS = postgresql.ENUM(
    "pending",
    "requires_action",
    "processing",
    "succeeded",
    "failed",
    "cancelled",
    "partially_refunded",
    "refunded",
    name="payment_status",
    create_type=False,
)
CURRENCY = postgresql.ENUM(name="currency", create_type=False)


def upgrade() -> None:
    PRODUCT_KIND.create(op.get_bind(), checkfirst=False)
    PUBLICATION_STATUS.create(op.get_bind(), checkfirst=False)
    ORDER_STATUS.create(op.get_bind(), checkfirst=False)
    PAYMENT_STATUS.create(op.get_bind(), checkfirst=False)

    op.create_table(
        "products",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("slug", sa.String(128), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("kind", PRODUCT_KIND, server_default="one_time", nullable=False),
        sa.Column("status", PUBLICATION_STATUS, server_default="draft", nullable=False),
        sa.Column("price", sa.Numeric(12, 2), nullable=False, comment="net, before options and add-ons"),
        sa.Column("currency", CURRENCY, server_default="EUR", nullable=False),
        sa.Column(
            "vat_category",
            sa.String(32),
            server_default="standard",
            nullable=False,
            comment="vat_rates.category; the country comes from the buyer",
        ),
        sa.Column("stripe_product_id", sa.String(255), nullable=True),
        sa.Column("attributes", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="soft delete: when the row was withdrawn, null while it is live",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("slug", name=op.f("uq_products_slug")),
        sa.UniqueConstraint("stripe_product_id", name=op.f("uq_products_stripe_product_id")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_products_price_not_negative")),
        sa.CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_products_slug_format")),
        comment="A service that the shop sells.",
    )
    op.execute(
        "CREATE TRIGGER tr_products_set_updated_at BEFORE UPDATE ON products "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "product_option_groups",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(64), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("is_required", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="soft delete: when the row was withdrawn, null while it is live",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_option_groups")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_option_groups_product_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("product_id", "slug", name=op.f("uq_product_option_groups_product_id_slug")),
        comment='A question that a buyer answers about a product: "how many posts a week?".',
    )
    op.execute(
        "CREATE TRIGGER tr_product_option_groups_set_updated_at BEFORE UPDATE ON product_option_groups "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "product_options",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(64), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column(
            "price_difference",
            sa.Numeric(12, 2),
            server_default=sa.text("0"),
            nullable=False,
            comment="added to the product's price, in its currency; may be negative",
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_options")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["product_option_groups.id"], name=op.f("fk_product_options_group_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("group_id", "slug", name=op.f("uq_product_options_group_id_slug")),
        comment="An answer that can be chosen in an option group.",
    )
    op.execute(
        "CREATE TRIGGER tr_product_options_set_updated_at BEFORE UPDATE ON product_options "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("order_number", sa.String(32), nullable=False),
        sa.Column("status", ORDER_STATUS, server_default="pending", nullable=False),
        sa.Column("currency", CURRENCY, server_default="EUR", nullable=False),
        sa.Column("subtotal_amount", sa.Numeric(12, 2), server_default=sa.text("0"), nullable=False),
        sa.Column("discount_amount", sa.Numeric(12, 2), server_default=sa.text("0"), nullable=False),
        sa.Column("tax_amount", sa.Numeric(12, 2), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "total_amount",
            sa.Numeric(12, 2),
            server_default=sa.text("0"),
            nullable=False,
            comment="what was charged, tax included",
        ),
        sa.Column("billing_country_code", sa.String(2), nullable=True, comment="decides the VAT rate"),
        sa.Column(
            "billing_address",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="as it was when the order was placed",
        ),
        sa.Column("customer_note", sa.Text(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_orders_user_id"), ondelete="RESTRICT"),
        sa.UniqueConstraint("order_number", name=op.f("uq_orders_order_number")),
        sa.CheckConstraint(
            "subtotal_amount >= 0 AND tax_amount >= 0 AND total_amount >= 0",
            name=op.f("ck_orders_amounts_not_negative"),
        ),
        sa.CheckConstraint("billing_country_code ~ '^[A-Z]{2}$'", name=op.f("ck_orders_billing_country_code_format")),
        sa.CheckConstraint(
            "discount_amount BETWEEN 0 AND subtotal_amount", name=op.f("ck_orders_discount_amount_range")
        ),
        comment="A purchase. Books have to be kept, so it is never removed, and its user is not either.",
    )
    op.create_index(op.f("ix_orders_created_at"), "orders", ["created_at"])
    op.create_index(op.f("ix_orders_status"), "orders", ["status"])
    op.create_index(op.f("ix_orders_user_id"), "orders", ["user_id"])
    op.execute(
        "CREATE TRIGGER tr_orders_set_updated_at BEFORE UPDATE ON orders "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "order_items",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("quantity", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "unit_amount",
            sa.Numeric(12, 2),
            nullable=False,
            comment="options and add-ons included, in the order's currency",
        ),
        sa.Column("total_amount", sa.Numeric(12, 2), nullable=False),
        sa.Column("tax_rate", sa.Numeric(5, 2), nullable=True, comment="percent, as it was applied"),
        sa.Column(
            "configuration",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="options, add-ons and custom fields as chosen",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_items")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_items_order_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_order_items_product_id"), ondelete="SET NULL"
        ),
        sa.CheckConstraint("unit_amount >= 0 AND total_amount >= 0", name=op.f("ck_order_items_amounts_not_negative")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_items_quantity_positive")),
        sa.CheckConstraint("tax_rate BETWEEN 0 AND 100", name=op.f("ck_order_items_tax_rate_range")),
        comment="A line of an order. Name and prices are copies: the product may change or go.",
    )
    op.create_index(op.f("ix_order_items_order_id"), "order_items", ["order_id"])
    op.create_index(op.f("ix_order_items_product_id"), "order_items", ["product_id"])
    op.execute(
        "CREATE TRIGGER tr_order_items_set_updated_at BEFORE UPDATE ON order_items "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("stripe_payment_intent_id", sa.String(255), nullable=False),
        sa.Column("status", PAYMENT_STATUS, server_default="pending", nullable=False),
        sa.Column("amount", sa.Numeric(12, 2), nullable=False),
        sa.Column("refunded_amount", sa.Numeric(12, 2), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", CURRENCY, server_default="EUR", nullable=False),
        sa.Column("payment_method", sa.String(32), nullable=True, comment="Stripe's type: card, sepa_debit, ..."),
        sa.Column("failure_code", sa.String(64), nullable=True),
        sa.Column("failure_message", sa.Text(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payments_order_id"), ondelete="RESTRICT"),
        sa.UniqueConstraint("stripe_payment_intent_id", name=op.f("uq_payments_stripe_payment_intent_id")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_payments_amount_not_negative")),
        sa.CheckConstraint("refunded_amount BETWEEN 0 AND amount", name=op.f("ck_payments_refunded_amount_range")),
        comment="Money for an order, as Stripe reports it.",
    )
    op.create_index(op.f("ix_payments_order_id"), "payments", ["order_id"])
    op.create_index(op.f("ix_payments_status"), "payments", ["status"])
    op.execute(
        "CREATE TRIGGER tr_payments_set_updated_at BEFORE UPDATE ON payments "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )


def downgrade() -> None:
    op.drop_table("payments")
    op.drop_table("order_items")
    op.drop_table("orders")
    op.drop_table("product_options")
    op.drop_table("product_option_groups")
    op.drop_table("products")
    PAYMENT_STATUS.drop(op.get_bind(), checkfirst=False)
    ORDER_STATUS.drop(op.get_bind(), checkfirst=False)
    PUBLICATION_STATUS.drop(op.get_bind(), checkfirst=False)
    PRODUCT_KIND.drop(op.get_bind(), checkfirst=False)
