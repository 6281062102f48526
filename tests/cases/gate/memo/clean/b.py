"""b"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b"
down_revision = "a"


def upgrade():
    op.create_table("b", sa.Column("mood", postgresql.ENUM("sad", "ok", name="mood", create_type=False)))


def downgrade():
    op.drop_table("b")
