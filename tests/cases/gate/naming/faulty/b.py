"""A table.

Owner: the team
"""

from alembic import op

revision = "b"
down_revision = "0001_a"


def upgrade():
    op.execute("CREATE TABLE b (id int)")


def downgrade():
    op.execute("DROP TABLE b")
