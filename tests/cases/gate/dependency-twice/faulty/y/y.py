"""y"""

from alembic import op

revision = "y"
down_revision = None


def upgrade():
    op.execute("CREATE VIEW y AS SELECT id FROM v")


def downgrade():
    op.execute("DROP VIEW y")
