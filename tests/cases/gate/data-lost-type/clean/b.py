"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("ALTER TABLE users ALTER COLUMN seen TYPE timestamptz")


def downgrade():
    op.execute("ALTER TABLE users ALTER COLUMN seen TYPE timestamp")
