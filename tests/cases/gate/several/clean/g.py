"""g"""

from alembic import op

revision = "g"
down_revision = "f"


def upgrade():
    op.execute("CREATE TABLE g (id int PRIMARY KEY)")


def downgrade():
    op.execute("DROP TABLE g")
