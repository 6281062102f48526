"""Tests that any project can have: `from headworks.testing.suite import *` in one of its test files."""

from typing import Any

from headworks.testing.assertions import assert_gate, assert_no_drift

__all__ = ["test_every_revision_goes_up_and_down", "test_models_match_migrations"]


def test_models_match_migrations(headworks_database: Any) -> None:
    """A database at heads is what the models make."""
    assert_no_drift(headworks_database)


def test_every_revision_goes_up_and_down(headworks_server: Any) -> None:
    """Each revision's downgrade leaves what was there before, and its upgrade runs again after that."""
    assert_gate(headworks_server)
