"""y"""

from alembic import op

revision = "y"
down_revision = None


def upgrade():
    op.execute("CREATE VIEW y AS SELECT x.id FROM x, v")


def downgrade():
    op.execute("DROP VIEW y")
