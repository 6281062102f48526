"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("ALTER TABLE a ADD COLUMN note text")


def downgrade():
    op.execute("ALTER TABLE a DROP COLUMN note")
