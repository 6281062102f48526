"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("ALTER TABLE a DROP COLUMN n")


def downgrade():
    op.execute("ALTER TABLE a ADD COLUMN n int NOT NULL DEFAULT 3")
