"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    # headworks: allow gate.downgrade-failed - long mended
    # headworks: allow gate.downgrade-fails - no such rule
    # headworks: allow lint.naming - not for the gate to judge
    op.execute("CREATE INDEX ix_a ON a (id)")


def downgrade():
    op.execute("DROP INDEX ix_a")
