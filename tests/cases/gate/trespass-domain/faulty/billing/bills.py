"""bills"""

from alembic import op

revision = "bills"
down_revision = None
branch_labels = ("billing",)
depends_on = "users"


def upgrade():
    op.execute("CREATE TABLE bills (id int PRIMARY KEY, payer_id int NOT NULL REFERENCES users ON DELETE CASCADE)")
    op.execute("UPDATE users SET payer = payer")


def downgrade():
    op.execute("DROP TABLE bills")
