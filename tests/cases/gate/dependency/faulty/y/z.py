"""z"""

from alembic import op

revision = "z"
down_revision = "y"


def upgrade():
    op.execute("CREATE TABLE z (y int)")


def downgrade():
    op.execute("DROP TABLE z")
