"""b"""

from alembic import op

revision = "b"
down_revision = "a"


# headworks: allow gate.table-rewrite - the table is small
def upgrade():
    op.execute("ALTER TABLE users ALTER COLUMN seen TYPE date")


def downgrade():
    op.execute("ALTER TABLE users ALTER COLUMN seen TYPE timestamp")
