"""b"""

from alembic import op

revision = "b"
down_revision = "a"


# headworks: allow gate.data-lost - nobody has read the notes for a year


def upgrade():
    op.execute("ALTER TABLE a DROP COLUMN note")


def downgrade():
    op.execute("ALTER TABLE a ADD COLUMN note text")
