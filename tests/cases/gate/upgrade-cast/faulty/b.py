"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("ALTER TABLE users ALTER COLUMN nick TYPE int USING nick::int")


def downgrade():
    op.execute("ALTER TABLE users ALTER COLUMN nick TYPE text")
