"""Credentials for other services, and the events that they report.

Revision ID: 20251122_13_credentials_and_webhooks
Revises:
Create Date: 2025-11-22 09:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20251122_13_credentials_and_webhooks"
down_revision: str | None = None
branch_labels: tuple[str, ...] | None = ("integrations",)
depends_on: tuple[str, ...] | None = ("20251015_01_initial_user_table",)

CREDENTIAL_OWNER_TYPE = postgresql.ENUM(
    "user", "customer_profile", "instagram_account", name="credential_owner_type", create_type=False
)
INTEGRATION_SERVICE = postgresql.ENUM(
    "stripe", "lexoffice", "instagram", "meta_ads", name="integration_service", create_type=False
)
WEBHOOK_PROVIDER = postgresql.ENUM("stripe", "lexoffice", "instagram", name="webhook_provider", create_type=False)


def upgrade() -> None:
    CREDENTIAL_OWNER_TYPE.create(op.get_bind(), checkfirst=False)
    INTEGRATION_SERVICE.create(op.get_bind(), checkfirst=False)
    WEBHOOK_PROVIDER.create(op.get_bind(), checkfirst=False)

    op.create_table(
        "integration_credentials",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("owner_type", CREDENTIAL_OWNER_TYPE, nullable=False),
        sa.Column(
            "owner_id",
            sa.Uuid(),
            nullable=False,
            comment="id in the table that owner_type names; no foreign key can say that",
        ),
        sa.Column("service", INTEGRATION_SERVICE, nullable=False),
        sa.Column("encrypted_secret", sa.LargeBinary(), nullable=False),
        sa.Column(
            "key_version",
            sa.SmallInteger(),
            server_default=sa.text("1"),
            nullable=False,
            comment="which of the application's keys the secret is encrypted with",
        ),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integration_credentials")),
        sa.UniqueConstraint(
            "owner_type", "owner_id", "service", name=op.f("uq_integration_credentials_owner_type_owner_id_service")
        ),
        sa.CheckConstraint("key_version > 0", name=op.f("ck_integration_credentials_key_version_positive")),
        comment="A secret for a service, encrypted by the application.",
    )
    op.execute(
        "CREATE TRIGGER tr_integration_credentials_set_updated_at BEFORE UPDATE ON integration_credentials "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )

    op.create_table(
        "webhook_events",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("provider", WEBHOOK_PROVIDER, nullable=False),
        sa.Column(
            "external_id", sa.String(255), nullable=False, comment="the provider's id of the event: evt_... of Stripe"
        ),
        sa.Column("event_type", sa.String(128), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "processed_at", sa.DateTime(timezone=True), nullable=True, comment="null until its effects are committed"
        ),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_events")),
        sa.UniqueConstraint("provider", "external_id", name=op.f("uq_webhook_events_provider_external_id")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_webhook_events_attempts_not_negative")),
        comment="What a provider reported, once an event however often it is delivered.",
    )
    op.create_index(op.f("ix_webhook_events_processed_at"), "webhook_events", ["processed_at"])
    op.execute(
        "CREATE TRIGGER tr_webhook_events_set_updated_at BEFORE UPDATE ON webhook_events "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )


def downgrade() -> None:
    op.drop_table("webhook_events")
    op.drop_table("integration_credentials")
    WEBHOOK_PROVIDER.drop(op.get_bind(), checkfirst=False)
    INTEGRATION_SERVICE.drop(op.get_bind(), checkfirst=False)
    CREDENTIAL_OWNER_TYPE.drop(op.get_bind(), checkfirst=False)
