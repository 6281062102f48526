"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("CREATE TABLE orders (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users)")


def downgrade():
    op.execute("DROP TABLE orders")
