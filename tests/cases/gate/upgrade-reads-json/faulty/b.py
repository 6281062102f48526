"""b"""

import json

import sqlalchemy as sa
from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    for number, value in op.get_bind().execute(sa.text("SELECT id, value FROM settings ORDER BY id")).all():
        colour = json.loads(value).get("colour")
        op.get_bind().execute(sa.text("UPDATE settings SET colour = :c WHERE id = :id"), {"c": colour, "id": number})


def downgrade():
    pass
