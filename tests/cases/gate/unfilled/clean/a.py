"""a"""

from alembic import op

revision = "a"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE users (id int PRIMARY KEY)")
    op.execute("CREATE FUNCTION closed() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'closed'; END$$")
    op.execute("CREATE TRIGGER closed BEFORE DELETE ON users FOR EACH ROW EXECUTE FUNCTION closed()")


def downgrade():
    op.execute("DROP TABLE users")
    op.execute("DROP FUNCTION closed()")
