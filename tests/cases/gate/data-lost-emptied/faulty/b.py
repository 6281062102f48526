"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("UPDATE users SET nick = NULL")


def downgrade():
    pass
