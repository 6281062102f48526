"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("ALTER TABLE a ALTER n SET DEFAULT 4")
    op.execute("COMMENT ON TABLE a IS 'second'")


def downgrade():
    op.execute("ALTER TABLE a ALTER n DROP DEFAULT")
