"""a"""

from alembic import op

revision = "a"
down_revision = None
# headworks: allow gate.trespass - Prisma has had it since its own first migration


def upgrade():
    op.execute("CREATE TABLE accounts (id int PRIMARY KEY)")


def downgrade():
    op.execute("DROP TABLE accounts")
