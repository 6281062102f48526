"""VAT rates, of which no two may be in force for the same thing on the same day.

Revision ID: 20251129_15_vat_rates
Revises: 20251108_09_invoices_and_subscriptions
Create Date: 2025-11-29 09:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20251129_15_vat_rates"
down_revision: str | None = "20251108_09_invoices_and_subscriptions"
branch_labels: tuple[str, ...] | None = None
depends_on: tuple[str, ...] | None = None


def upgrade() -> None:
    # Trusted since PostgreSQL 13: the owner of the database may create it.
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")

    op.create_table(
        "vat_rates",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("country_code", sa.String(2), nullable=False, comment="ISO 3166-1 alpha-2: GR, not EL"),
        sa.Column(
            "region",
            sa.String(64),
            server_default="",
            nullable=False,
            comment="empty for the whole country, else the part with rates of its own",
        ),
        sa.Column("category", sa.String(32), nullable=False, comment="standard, reduced, ..."),
        sa.Column("rate", sa.Numeric(5, 2), nullable=False, comment="percent"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="the first day"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="the day after the last, null while in force"),
        sa.Column("source", sa.Text(), nullable=False, comment="where the rate was read"),
        sa.Column("checked_on", sa.Date(), nullable=False, comment="when the source was last read"),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vat_rates")),
        sa.UniqueConstraint(
            "country_code",
            "region",
            "category",
            "valid_from",
            name=op.f("uq_vat_rates_country_code_region_category_valid_from"),
        ),
        postgresql.ExcludeConstraint(
            ("country_code", "="),
            ("region", "="),
            ("category", "="),
            (sa.text("daterange(valid_from, valid_to)"), "&&"),
            using="gist",
            name=op.f("ex_vat_rates_period"),
        ),
        sa.CheckConstraint("category ~ '^[a-z][a-z0-9_]*$'", name=op.f("ck_vat_rates_category_format")),
        sa.CheckConstraint("country_code ~ '^[A-Z]{2}$'", name=op.f("ck_vat_rates_country_code_format")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_vat_rates_period_order")),
        sa.CheckConstraint("rate >= 0 AND rate <= 100", name=op.f("ck_vat_rates_rate_range")),
        comment="A VAT rate and the days that it is in force. Reference data, not tax advice.",
    )
    op.execute(
        "CREATE TRIGGER tr_vat_rates_set_updated_at BEFORE UPDATE ON vat_rates "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )


def downgrade() -> None:
    op.drop_table("vat_rates")
    op.execute("DROP EXTENSION btree_gist")
