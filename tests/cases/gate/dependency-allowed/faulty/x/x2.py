"""x2"""

from alembic import op

revision = "x2"
down_revision = "x"


def upgrade():
    # headworks: allow gate.dependency - long mended
    op.execute("CREATE TABLE x2 (id int PRIMARY KEY)")


def downgrade():
    op.execute("DROP TABLE x2")
