"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("ALTER TABLE users RENAME COLUMN nick TO nickname")


def downgrade():
    op.execute("ALTER TABLE users DROP COLUMN nickname")
    op.execute("ALTER TABLE users ADD COLUMN nick text")
