"""y"""

from alembic import op

# headworks: allow gate.dependency - y goes live after x only
revision = "y"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE y (x int REFERENCES x2)")


def downgrade():
    op.execute("DROP TABLE y")
