"""e"""

from alembic import op

revision = "e"
down_revision = "d"


def upgrade():
    op.execute("CREATE TABLE e (id int PRIMARY KEY)")


def downgrade():
    op.execute("DROP TABLE e")
