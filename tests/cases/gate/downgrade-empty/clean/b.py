"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("CREATE INDEX ix_a ON a (id)")
    op.execute("ALTER TABLE a ADD COLUMN n int")


def downgrade():
    op.execute("ALTER TABLE a DROP COLUMN n")
    op.execute("DROP INDEX ix_a")
