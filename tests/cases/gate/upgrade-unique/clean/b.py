"""b"""

from alembic import op

revision = "b"
down_revision = "a"


# headworks: allow gate.data-lost - told to the users
# headworks: allow gate.full-scan - the table is small
def upgrade():
    op.execute("UPDATE users SET email = email || id")
    op.execute("ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE (email)")


def downgrade():
    op.execute("ALTER TABLE users DROP CONSTRAINT uq_users_email")
