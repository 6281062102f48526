"""The whole schema as text: a change of it is a diff that a reviewer reads."""

from commerce_catalog import describe
from syrupy.assertion import SnapshotAssertion


def test_schema(commerce_database: str, snapshot: SnapshotAssertion) -> None:
    """The same text on PostgreSQL 15 to 18. After an intended change: `pytest tests/commerce --snapshot-update`."""
    assert describe(commerce_database) == snapshot
