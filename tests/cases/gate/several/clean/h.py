"""h"""

from alembic import op

revision = "h"
down_revision = "g"


def upgrade():
    op.execute("ALTER TABLE g ADD COLUMN h int")


def downgrade():
    op.execute("ALTER TABLE g DROP COLUMN h")
