"""x2"""

from alembic import op

revision = "x2"
down_revision = "x"


def upgrade():
    op.execute("ALTER TABLE x ALTER note SET DEFAULT 'x'")


def downgrade():
    op.execute("ALTER TABLE x ALTER note DROP DEFAULT")
