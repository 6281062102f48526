"""users"""

from alembic import op

revision = "users"
down_revision = None
branch_labels = ("auth",)


def upgrade():
    op.execute("CREATE TABLE users (id int PRIMARY KEY, payer boolean NOT NULL DEFAULT false)")


def downgrade():
    op.execute("DROP TABLE users")
