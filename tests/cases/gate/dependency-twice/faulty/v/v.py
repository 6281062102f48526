"""v"""

from alembic import op

revision = "v"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE v (id int PRIMARY KEY)")


def downgrade():
    op.execute("DROP TABLE v")
