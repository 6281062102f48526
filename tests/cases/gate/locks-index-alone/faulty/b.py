"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX ix ON a (n)")


def downgrade():
    op.execute("DROP INDEX ix")
