"""b"""

revision = "b"
down_revision = "a"


def upgrade():
    pass


# headworks: allow gate.no-downgrade - it is not ours to undo
