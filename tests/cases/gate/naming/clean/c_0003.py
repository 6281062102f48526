"""A table.

owners: somebody
"""

# headworks: allow gate.naming - older than the policy
from alembic import op

revision = "c_0003"
down_revision = "b"


def upgrade():
    op.execute("CREATE TABLE c (id int)")


def downgrade():
    op.execute("DROP TABLE c")
