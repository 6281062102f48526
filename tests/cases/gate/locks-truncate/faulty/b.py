"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("ALTER TABLE a SET UNLOGGED")


def downgrade():
    op.execute("ALTER TABLE a ADD c int")
