"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("CREATE TABLE emails (user_id int PRIMARY KEY, address text NOT NULL)")
    op.execute("INSERT INTO emails SELECT id, email FROM users")
    op.execute("ALTER TABLE users DROP COLUMN email")


def downgrade():
    op.execute("ALTER TABLE users ADD COLUMN email text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE users ALTER COLUMN email DROP DEFAULT")
    op.execute("DROP TABLE emails")
