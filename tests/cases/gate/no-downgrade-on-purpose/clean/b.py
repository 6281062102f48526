"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("CREATE INDEX ix_a ON a (id)")


def downgrade():
    # headworks: allow gate.no-downgrade - the rows are gone
    raise NotImplementedError("the rows are gone")
