# A word before.
"""Makes the table a.

At length.
"""

from alembic import op

revision = "a"
down_revision = None


def upgrade():
    op.execute(
        "CREATE TABLE "  # and after
        "a (id int)",
    )


def downgrade():
    op.execute("DROP TABLE a")
