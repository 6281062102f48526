"""c"""

from alembic import op

revision = "c"
down_revision = "b"


def upgrade():
    op.execute("ALTER TABLE a VALIDATE CONSTRAINT fk")


def downgrade():
    op.execute("ALTER TABLE a DROP CONSTRAINT fk")
    op.execute("ALTER TABLE a ADD CONSTRAINT fk FOREIGN KEY (other) REFERENCES a NOT VALID")
