"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute(
        "CREATE TABLE user_accounts (account text PRIMARY KEY REFERENCES accounts, user_id int REFERENCES users)"
    )


def downgrade():
    op.execute("DROP TABLE user_accounts")
