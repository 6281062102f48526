"""docs/catalog.md lists every kind and property, as the code has them."""

import os
from pathlib import Path

from headworks.schema import kinds
from headworks.schema.base import properties

PAGE = Path(__file__).parents[2] / "docs" / "catalog.md"
_HEAD = "|---|---|\n"


def test_every_kind_and_property_is_listed() -> None:
    rows = "".join(
        f"| {kind.kind} | {', '.join(f'`{one.name}`' for one in properties(kind)) or 'that it is there'} |\n"
        for kind in kinds()
    )
    before, _, listed = PAGE.read_text().partition(_HEAD)
    if os.environ.get("HEADWORKS_WRITE_DOCS"):
        PAGE.write_text(before + _HEAD + rows)
    else:
        assert listed == rows
