"""x2"""

from alembic import op

revision = "x2"
down_revision = "x"


def upgrade():
    op.execute("CREATE TABLE x2 (id int PRIMARY KEY)")


def downgrade():
    op.execute("DROP TABLE x2")
