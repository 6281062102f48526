"""b"""

from alembic import op

revision = "b"
down_revision = "a"


def upgrade():
    op.execute("INSERT INTO a SELECT coalesce(max(id), 0) + 1 FROM a")
    op.execute("DO $$ BEGIN EXECUTE format('COMMENT ON TABLE a IS %L', (SELECT count(*) FROM a)); END $$")


def downgrade():
    op.execute("COMMENT ON TABLE a IS NULL")
    op.execute("DELETE FROM a WHERE id = (SELECT max(id) FROM a)")
