"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("ALTER TABLE a ALTER n TYPE text")


def downgrade():
    op.execute("ALTER TABLE a ALTER n TYPE text")
