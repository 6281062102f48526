"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE (email)")


def downgrade():
    op.execute("ALTER TABLE users DROP CONSTRAINT uq_users_email")
