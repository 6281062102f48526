"""a"""

from alembic import op

revision = "a"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE a (id int PRIMARY KEY)")


def downgrade():
    op.execute("DROP TABLE a")
