"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("ALTER TABLE a ADD CONSTRAINT fk FOREIGN KEY (other) REFERENCES a NOT VALID")


def downgrade():
    op.execute("ALTER TABLE a DROP CONSTRAINT fk")
