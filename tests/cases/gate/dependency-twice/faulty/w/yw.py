"""yw"""

from alembic import op

revision = "yw"
down_revision = None
depends_on = "z"


def upgrade():
    op.execute("CREATE TABLE w (y int)")


def downgrade():
    op.execute("DROP TABLE w")
