"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    # headworks: allow lint.naming - not for the gate to judge
    op.execute("CREATE INDEX ix_a ON a (id)")


def downgrade():
    op.execute("DROP INDEX ix_a")
