"""User accounts, and what every later table relies on: the id and updated_at functions.

Revision ID: 20251015_01_initial_user_table
Revises:
Create Date: 2025-10-15 09:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20251015_01_initial_user_table"
down_revision: str | None = None
branch_labels: tuple[str, ...] | None = ("auth",)
depends_on: tuple[str, ...] | None = None

USER_ROLE = postgresql.ENUM("customer", "support", "manager", "admin", name="user_role", create_type=False)
USER_STATUS = postgresql.ENUM("active", "suspended", "deleted", name="user_status", create_type=False)

# UUIDv7 (RFC 9562): milliseconds, then the fraction of the millisecond, then random bits. It waits for the clock, which
# counts microseconds, to move on, so that the ids of one session increase. One text for PostgreSQL 15 to 18.
UUID7 = """\
CREATE FUNCTION commerce_uuid7() RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL SAFE
AS $function$
DECLARE
  called_at CONSTANT timestamptz := pg_catalog.clock_timestamp();
  made_at timestamptz := pg_catalog.clock_timestamp();
  micros bigint;
  fraction integer;
  bytes bytea := pg_catalog.uuid_send(pg_catalog.gen_random_uuid());
BEGIN
  WHILE made_at <= called_at LOOP
    made_at := pg_catalog.clock_timestamp();
  END LOOP;
  micros := (EXTRACT(EPOCH FROM made_at) * 1000000)::bigint;
  fraction := ((micros % 1000) * 4096 / 1000)::integer;
  bytes := pg_catalog.substring(pg_catalog.int8send(micros / 1000), 3, 6) || pg_catalog.substring(bytes, 7);
  bytes := pg_catalog.set_byte(bytes, 6, 112 | (fraction >> 8));
  bytes := pg_catalog.set_byte(bytes, 7, fraction & 255);
  RETURN pg_catalog.encode(bytes, 'hex')::uuid;
END
$function$"""

SET_UPDATED_AT = """\
CREATE FUNCTION commerce_set_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $function$
BEGIN
  NEW.updated_at := pg_catalog.now();
  RETURN NEW;
END
$function$"""


def upgrade() -> None:
    op.execute(UUID7)
    op.execute("COMMENT ON FUNCTION commerce_uuid7() IS 'UUIDv7 (RFC 9562), increasing within a session'")
    op.execute(SET_UPDATED_AT)
    op.execute("COMMENT ON FUNCTION commerce_set_updated_at() IS 'keeps updated_at, on every table that has it'")
    USER_ROLE.create(op.get_bind(), checkfirst=False)
    USER_STATUS.create(op.get_bind(), checkfirst=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), server_default=sa.text("commerce_uuid7()"), nullable=False),
        sa.Column("name", sa.String(255), nullable=True),
        sa.Column("email", sa.String(255), nullable=False),
        sa.Column(
            "email_verified",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Auth.js: when the address was proven, null until then",
        ),
        sa.Column("image", sa.Text(), nullable=True, comment="URL of the picture that the sign-in provider has"),
        sa.Column("role", USER_ROLE, server_default="customer", nullable=False),
        sa.Column("status", USER_STATUS, server_default="active", nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="erased on request: the row stays, without personal data, for the orders that refer to it",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.CheckConstraint("email ~ '^[^@]+@[^@]+$'", name=op.f("ck_users_email_format")),
        comment="A person with an account. Auth.js fills in name, email, email_verified and image.",
    )
    op.create_index(op.f("uq_users_email_lower"), "users", [sa.text("lower(email)")], unique=True)
    op.execute(
        "CREATE TRIGGER tr_users_set_updated_at BEFORE UPDATE ON users "
        "FOR EACH ROW EXECUTE FUNCTION commerce_set_updated_at()"
    )


def downgrade() -> None:
    op.drop_table("users")
    USER_STATUS.drop(op.get_bind(), checkfirst=False)
    USER_ROLE.drop(op.get_bind(), checkfirst=False)
    op.execute("DROP FUNCTION commerce_set_updated_at()")
    op.execute("DROP FUNCTION commerce_uuid7()")
