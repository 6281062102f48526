"""b"""

import json

import sqlalchemy as sa
from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    for number, value in op.get_bind().execute(sa.text("SELECT id, value FROM settings WHERE colour IS NULL")).all():
        try:
            colour = json.loads(value).get("colour")
        except json.JSONDecodeError:
            continue
        op.get_bind().execute(sa.text("UPDATE settings SET colour = :c WHERE id = :id"), {"c": colour, "id": number})


def downgrade():
    pass
