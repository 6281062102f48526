"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("CREATE INDEX ix_a ON a (id)")
    op.execute("CREATE INDEX ix_b ON a (id)")


def downgrade():
    op.execute("DROP INDEX ix_a")
