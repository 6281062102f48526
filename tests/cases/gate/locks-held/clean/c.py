"""c"""

from alembic import op

revision = "c"
down_revision = "b"


def upgrade():
    op.execute("UPDATE a SET m = n")


def downgrade():
    op.execute("UPDATE a SET m = NULL")
