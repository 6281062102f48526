"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("ALTER TABLE a DROP COLUMN other")


def downgrade():
    op.execute("ALTER TABLE a ADD other int")
    op.execute("CREATE INDEX ix ON a (other)")
