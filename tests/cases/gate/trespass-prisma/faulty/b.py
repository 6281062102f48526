"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("ALTER TABLE accounts ADD COLUMN user_id int REFERENCES users")


def downgrade():
    op.execute("ALTER TABLE accounts DROP COLUMN user_id")
