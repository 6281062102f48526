"""Customer profiles, notifications, and the currency type that every amount shares.

Revision ID: 20251015_02_customer_profile_notifications
Revises:
Create Date: 2025-10-15 10:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20251015_02_customer_profile_notifications"
down_revision: str | None = None
branch_labels: tuple[str, ...] | None = ("customers",)
depends_on: tuple[str, ...] | None = ("20251015_01_initial_user_table",)

CURRENCY = postgresql.ENUM(
    "EUR", "USD", "GBP", "CHF", "NOK", "SEK", "DKK", "PLN", "CZK", name="currency", create_type=False
)
NOTIFICATION_CHANNEL = postgresql.ENUM("email", "in_app", "sms", name="notification_channel", create_type=False)
NOTIFICATION_STATUS = postgresql.ENUM("pending", "sent", "failed", name="notification_status", create_type=False)


def upgrade() -> None:
    CURRENCY.create(op.get_bind(), checkfirst=False)
    NOTIFICATION_CHANNEL.create(op.get_bind(), checkfirst=False)
    NOTIFICATION_STATUS.create(op.get_bind(), checkfirst=False)

    op.create_table(
        "customer_profiles",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("first_name", sa.String(128), nullable=True),
        sa.Column("last_name", sa.String(128), nullable=True),
        sa.Column("company_name", sa.String(255), nullable=True),
        sa.Column("vat_id", sa.String(15), nullable=True, comment="as VIES takes it: country prefix, no spaces"),
        sa.Column("phone", sa.String(32), nullable=True),
        sa.Column("street", sa.String(255), nullable=True),
        sa.Column("postal_code", sa.String(16), nullable=True),
        sa.Column("city", sa.String(128), nullable=True),
        sa.Column("country_code", sa.String(2), nullable=True, comment="ISO 3166-1 alpha-2"),
        sa.Column("currency", CURRENCY, server_default="EUR", nullable=False),
        sa.Column("stripe_customer_id", sa.String(255), nullable=True),
        sa.Column("lexoffice_contact_id", sa.Uuid(), nullable=True),
        sa.Column(
            "marketing_consent_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when consent to marketing was given, null without consent",
        ),
        sa.Column("preferences", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="soft delete: when the row was withdrawn, null while it is live",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_profiles")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_customer_profiles_user_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("lexoffice_contact_id", name=op.f("uq_customer_profiles_lexoffice_contact_id")),
        sa.UniqueConstraint("stripe_customer_id", name=op.f("uq_customer_profiles_stripe_customer_id")),
        sa.CheckConstraint("country_code ~ '^[A-Z]{2}$'", name=op.f("ck_customer_profiles_country_code_format")),
        sa.CheckConstraint("vat_id ~ '^[A-Z]{2}[0-9A-Z+*]{2,13}$'", name=op.f("ck_customer_profiles_vat_id_format")),
        comment="A party that a user buys for: themselves, their company, or a client of their agency.",
    )
    op.create_index(op.f("ix_customer_profiles_user_id"), "customer_profiles", ["user_id"])
    op.execute(
        "CREATE TRIGGER tr_customer_profiles_set_updated_at BEFORE UPDATE ON customer_profiles "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("channel", NOTIFICATION_CHANNEL, nullable=False),
        sa.Column("status", NOTIFICATION_STATUS, server_default="pending", nullable=False),
        sa.Column("kind", sa.String(64), nullable=False, comment="which template: order_paid, campaign_finished, ..."),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notifications_user_id"), ondelete="CASCADE"),
        sa.CheckConstraint("status <> 'sent' OR sent_at IS NOT NULL", name=op.f("ck_notifications_sent_has_time")),
        comment="A message to a user, on one channel.",
    )
    op.create_index(op.f("ix_notifications_user_id"), "notifications", ["user_id"])
    op.execute(
        "CREATE TRIGGER tr_notifications_set_updated_at BEFORE UPDATE ON notifications "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )


def downgrade() -> None:
    op.drop_table("notifications")
    op.drop_table("customer_profiles")
    NOTIFICATION_STATUS.drop(op.get_bind(), checkfirst=False)
    NOTIFICATION_CHANNEL.drop(op.get_bind(), checkfirst=False)
    CURRENCY.drop(op.get_bind(), checkfirst=False)
