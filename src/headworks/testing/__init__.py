"""For the tests of any project: databases at heads as pytest fixtures (`plugin`), and assertions about schemas.

pytest imports this at every start, also where nobody asks for a fixture: what takes time is imported where it is used.
"""

from headworks.testing.assertions import assert_gate, assert_no_drift

__all__ = ["assert_gate", "assert_no_drift"]
