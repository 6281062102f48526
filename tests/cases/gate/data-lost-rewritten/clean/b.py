"""b"""

from alembic import op

revision = "b"
down_revision = "a"


# headworks: allow gate.observed-lock - the table is small
def upgrade():
    op.execute("ALTER TABLE users ADD COLUMN email_before text")
    op.execute("UPDATE users SET email_before = email, email = upper(email)")


def downgrade():
    op.execute("UPDATE users SET email = email_before")
    op.execute("ALTER TABLE users DROP COLUMN email_before")
