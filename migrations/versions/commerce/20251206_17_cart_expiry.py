"""When a cart expires: a NOT NULL column whose value differs from row to row, added while the shop is open.

Each step is committed by itself and can be run again, so an attempt that was interrupted is simply repeated:
the column, nullable, with a default for new rows; the old rows, some thousands at a time; a CHECK that is validated
without stopping writers; NOT NULL, which PostgreSQL then takes from the CHECK instead of scanning the table.

Revision ID: 20251206_17_cart_expiry
Revises: 20251101_08_carts_and_order_events
Create Date: 2025-12-06 09:00:00+00:00
"""

from alembic import op

revision: str = "20251206_17_cart_expiry"
down_revision: str | None = "20251101_08_carts_and_order_events"
branch_labels: tuple[str, ...] | None = None
depends_on: tuple[str, ...] | None = None

# An old cart expires 30 days after its last change; a DEFAULT in ADD COLUMN would have given them all the same moment.
BACKFILL = """\
DO $backfill$
BEGIN
  LOOP
    UPDATE carts SET expires_at = updated_at + interval '30 days'
    WHERE id IN (SELECT id FROM carts WHERE expires_at IS NULL LIMIT 5000);
    EXIT WHEN NOT FOUND;
    COMMIT;
  END LOOP;
END
$backfill$"""


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE carts ADD COLUMN IF NOT EXISTS expires_at timestamp with time zone")
        op.execute("ALTER TABLE carts ALTER COLUMN expires_at SET DEFAULT (now() + interval '30 days')")
        op.execute(BACKFILL)
        op.execute("ALTER TABLE carts DROP CONSTRAINT IF EXISTS ck_carts_expires_at_not_null")
        op.execute(
            "ALTER TABLE carts ADD CONSTRAINT ck_carts_expires_at_not_null CHECK (expires_at IS NOT NULL) NOT VALID"
        )
        op.execute("ALTER TABLE carts VALIDATE CONSTRAINT ck_carts_expires_at_not_null")
        op.alter_column("carts", "expires_at", nullable=False)
        op.execute("ALTER TABLE carts DROP CONSTRAINT ck_carts_expires_at_not_null")
        op.drop_index(op.f("ix_carts_expires_at"), "carts", postgresql_concurrently=True, if_exists=True)
        op.create_index(op.f("ix_carts_expires_at"), "carts", ["expires_at"], postgresql_concurrently=True)


def downgrade() -> None:
    op.drop_column("carts", "expires_at")
