"""c"""

from alembic import op

revision = "c"
down_revision = "a"


def upgrade():
    op.execute("CREATE TABLE c (id int)")


def downgrade():
    op.execute("DROP TABLE c")
