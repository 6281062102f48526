"""c"""

from alembic import op

revision = "c"
down_revision = "b"


def upgrade():
    op.execute("ALTER INDEX ix_a RENAME TO ix_c")


def downgrade():
    op.execute("ALTER INDEX ix_c RENAME TO ix_a")
