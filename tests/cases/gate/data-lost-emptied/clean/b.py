"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("UPDATE users SET nick = '-' WHERE nick IS NULL")


def downgrade():
    op.execute("UPDATE users SET nick = NULL WHERE nick = '-'")
