"""y"""

from alembic import op

revision = "y"
down_revision = None
depends_on = "x2"


def upgrade():
    op.execute("CREATE TABLE y (x int REFERENCES x2)")


def downgrade():
    op.execute("DROP TABLE y")
