"""d"""

from alembic import op

revision = "d"
down_revision = "c"


def upgrade():
    op.execute("CREATE TABLE d (id int)")
