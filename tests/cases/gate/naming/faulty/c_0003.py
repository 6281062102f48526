"""
Revision ID: c_0003
Revises: b
"""

from alembic import op

revision = "c_0003"
down_revision = "b"


def upgrade():
    op.execute("CREATE TABLE c (id int)")


def downgrade():
    op.execute("DROP TABLE c")
