"""Categories and variants of products.

Revision ID: 20251101_07_product_catalog
Revises: 20251015_05_product_configuration
Create Date: 2025-11-01 10:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20251101_07_product_catalog"
down_revision: str | None = "20251015_05_product_configuration"
branch_labels: tuple[str, ...] | None = None
depends_on: tuple[str, ...] | None = None

CURRENCY = postgresql.ENUM(name="currency", create_type=False)


def upgrade() -> None:
    op.create_table(
        "product_categories",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("slug", sa.String(64), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="soft delete: when the row was withdrawn, null while it is live",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_categories")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["product_categories.id"], name=op.f("fk_product_categories_parent_id"), ondelete="RESTRICT"
        ),
        sa.UniqueConstraint("slug", name=op.f("uq_product_categories_slug")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_product_categories_not_its_own_parent")),
        comment="A shelf of the shop; shelves nest. Reference data.",
    )
    op.create_index(op.f("ix_product_categories_parent_id"), "product_categories", ["parent_id"])
    op.execute(
        "CREATE TRIGGER tr_product_categories_set_updated_at BEFORE UPDATE ON product_categories "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "product_variants",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("price", sa.Numeric(12, 2), nullable=False),
        sa.Column("currency", CURRENCY, server_default="EUR", nullable=False),
        sa.Column("position", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("attributes", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="soft delete: when the row was withdrawn, null while it is live",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_variants")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_product_variants_product_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("sku", name=op.f("uq_product_variants_sku")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_product_variants_price_not_negative")),
        comment="A ready-made form of a product, with a price of its own.",
    )
    op.create_index(op.f("ix_product_variants_product_id"), "product_variants", ["product_id"])
    op.execute(
        "CREATE TRIGGER tr_product_variants_set_updated_at BEFORE UPDATE ON product_variants "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    # headworks: allow gate.full-scan - the shop had not opened: nobody waited for products or order_items
    op.add_column("products", sa.Column("product_category_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_products_product_category_id"), "products", ["product_category_id"])
    op.create_foreign_key(
        op.f("fk_products_product_category_id"),
        "products",
        "product_categories",
        ["product_category_id"],
        ["id"],
        ondelete="RESTRICT",
    )

    op.add_column("order_items", sa.Column("product_variant_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_order_items_product_variant_id"), "order_items", ["product_variant_id"])
    op.create_foreign_key(
        op.f("fk_order_items_product_variant_id"),
        "order_items",
        "product_variants",
        ["product_variant_id"],
        ["id"],
        ondelete="SET NULL",
    )


def downgrade() -> None:
    op.drop_column("order_items", "product_variant_id")
    op.drop_column("products", "product_category_id")
    op.drop_table("product_variants")
    op.drop_table("product_categories")
