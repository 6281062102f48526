"""c"""

from alembic import op

revision = "c"
down_revision = "b"


def upgrade():
    op.execute("CREATE TABLE c (id int PRIMARY KEY)")


def downgrade():
    op.execute("DROP TABLE c")
