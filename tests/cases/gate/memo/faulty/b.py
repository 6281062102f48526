"""b"""

import sqlalchemy as sa
from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.create_table("b", sa.Column("mood", sa.Enum("sad", "ok", name="mood")))


def downgrade():
    op.drop_table("b")
