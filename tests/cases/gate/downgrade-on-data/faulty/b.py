"""b"""

from alembic import op

revision = "b"
down_revision = "a"


# headworks: allow gate.observed-lock - the table is small
def upgrade():
    op.execute("ALTER TABLE users ALTER COLUMN email DROP NOT NULL")
    op.execute("UPDATE users SET email = NULL WHERE nick IS NULL")


def downgrade():
    op.execute("ALTER TABLE users ALTER COLUMN email SET NOT NULL")
