"""f"""

from alembic import op

revision = "f"
down_revision = "e"


def upgrade():
    op.execute("CREATE TABLE f (id nope)")


def downgrade():
    pass
