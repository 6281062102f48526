"""x"""

from alembic import op

revision = "x"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE x (note text)")


def downgrade():
    op.execute("DROP TABLE x")
