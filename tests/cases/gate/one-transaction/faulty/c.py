"""c"""

from alembic import op

revision = "c"
down_revision = "b"


def upgrade():
    op.execute("ALTER TABLE a ADD COLUMN c int")


def downgrade():
    op.execute("ALTER TABLE a DROP COLUMN c")
