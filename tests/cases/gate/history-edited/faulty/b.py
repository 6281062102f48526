"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("CREATE TABLE b (id int)")


def downgrade():
    op.execute("DROP TABLE b")
