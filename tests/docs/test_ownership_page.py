"""docs/ownership.md is what `headworks owners --write` writes here, and nothing disagrees with our own manifest."""

import json
from pathlib import Path

from helpers import Headworks

ROOT = Path(__file__).parents[2]


def test_the_page_is_up_to_date(inside: Headworks, server_url: str) -> None:
    words = ("--check", "--strict", "--format", "json", "--shadow-url", server_url)
    ran = inside("owners", *words, folder=ROOT)
    assert ran.out, ran.err
    assert [one["message"] for one in json.loads(ran.out)["findings"]] == []
    assert ran.code == 0
