"""z"""

from alembic import op

revision = "z"
down_revision = "y"
depends_on = "x"


def upgrade():
    op.execute("ALTER TABLE x ADD COLUMN z int")


def downgrade():
    op.execute("ALTER TABLE x DROP COLUMN z")
