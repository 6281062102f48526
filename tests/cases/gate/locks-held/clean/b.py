"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("ALTER TABLE a ADD m int")


def downgrade():
    op.execute("ALTER TABLE a DROP m")
