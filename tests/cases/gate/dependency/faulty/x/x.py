"""x"""

from alembic import op

revision = "x"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE x (id int PRIMARY KEY)")


def downgrade():
    op.execute("DROP TABLE x")
