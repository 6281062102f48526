"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("CREATE TABLE emails (user_id int PRIMARY KEY, address text NOT NULL)")
    op.execute("INSERT INTO emails SELECT id, email FROM users")


def downgrade():
    op.execute("DROP TABLE emails")
