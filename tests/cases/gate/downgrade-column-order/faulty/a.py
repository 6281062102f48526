"""a"""

from alembic import op

revision = "a"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE a (id int PRIMARY KEY, n int NOT NULL DEFAULT 3, note text)")
    op.execute("COMMENT ON TABLE a IS 'first'")


def downgrade():
    op.execute("DROP TABLE a")
