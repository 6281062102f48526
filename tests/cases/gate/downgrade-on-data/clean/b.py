"""b"""

from alembic import op

revision = "b"
down_revision = "a"


# headworks: allow gate.full-scan - the table is small
def upgrade():
    op.execute("ALTER TABLE users ALTER COLUMN email DROP NOT NULL")


def downgrade():
    op.execute("ALTER TABLE users ALTER COLUMN email SET NOT NULL")
