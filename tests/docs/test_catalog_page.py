"""docs/catalog.md lists every kind and property, as the code has them."""

from generated import ROOT, settle

from headworks.schema import kinds
from headworks.schema.base import properties

PAGE = ROOT / "docs/catalog.md"
_HEAD = "|---|---|\n"


def test_every_kind_and_property_is_listed() -> None:
    rows = "".join(
        f"| {kind.kind} | {', '.join(f'`{one.name}`' for one in properties(kind)) or 'that it is there'} |\n"
        for kind in kinds()
    )
    before, head, _ = PAGE.read_text(encoding="utf-8").partition(_HEAD)
    settle(PAGE, before + head + rows)
