"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("ALTER TABLE users ADD COLUMN age int NOT NULL")


def downgrade():
    op.execute("ALTER TABLE users DROP COLUMN age")
