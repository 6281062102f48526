"""a"""

from alembic import op

revision = "a"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE settings (id int PRIMARY KEY, value text NOT NULL, colour text)")


def downgrade():
    op.execute("DROP TABLE settings")
