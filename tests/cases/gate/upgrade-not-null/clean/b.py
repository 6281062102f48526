"""b"""

from alembic import op

revision = "b"
down_revision = "a"


# headworks: allow gate.full-scan - the table is small
# headworks: allow gate.observed-lock - the table is small
def upgrade():
    op.execute("ALTER TABLE users ADD COLUMN age int")
    op.execute("UPDATE users SET age = 0")
    op.execute("ALTER TABLE users ALTER COLUMN age SET NOT NULL")


def downgrade():
    op.execute("ALTER TABLE users DROP COLUMN age")
