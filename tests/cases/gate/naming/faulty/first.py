"""A table.

Owner: the team
"""

from alembic import op

revision = "0001_a"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE a (id int)")


def downgrade():
    op.execute("DROP TABLE a")
