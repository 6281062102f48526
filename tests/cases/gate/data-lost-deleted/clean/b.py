"""b"""

from alembic import op

revision = "b"
down_revision = "a"


# headworks: allow gate.full-scan - the table is small
def upgrade():
    op.execute("UPDATE users SET nick = '' WHERE nick IS NULL")
    op.execute("ALTER TABLE users ALTER COLUMN nick SET NOT NULL")


def downgrade():
    op.execute("ALTER TABLE users ALTER COLUMN nick DROP NOT NULL")
