"""y"""

from alembic import op

revision = "y"
down_revision = None
depends_on = "x2"


def upgrade():
    op.execute("ALTER TABLE x ALTER note SET DEFAULT 'y'")


def downgrade():
    op.execute("ALTER TABLE x ALTER note SET DEFAULT 'x'")
