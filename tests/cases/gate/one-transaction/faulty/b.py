"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("INSERT INTO a VALUES (1, 1)")


def downgrade():
    op.execute("DELETE FROM a WHERE id = 1")
