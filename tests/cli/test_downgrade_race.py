"""A downgrade runs what was shown and looked at, and nothing that came in between."""

from types import SimpleNamespace

import pytest

from headworks.cli.downgrade import _still
from headworks.migrations.errors import PlanChanged


def test_a_plan_that_grew_under_the_lock_is_refused() -> None:
    first, second = SimpleNamespace(id="a"), SimpleNamespace(id="b")
    assert _still((first,), (first, second)) == (first,)  # type: ignore[arg-type,comparison-overlap]
    with pytest.raises(PlanChanged) as caught:
        _still((first, second), (first,))  # type: ignore[arg-type]
    assert caught.value.revisions == "b"
