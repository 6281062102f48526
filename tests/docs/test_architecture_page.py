"""docs/architecture.md: the imports between the rooms, drawn from the code, and its table of rooms."""

import re

import rooms
from generated import ROOT, part, settle

PAGE = ROOT / "docs/architecture.md"


def test_the_imports_are_drawn() -> None:
    settle(PAGE, part(PAGE, f"{rooms.diagram()}\n{rooms.table()}"))


def test_every_room_is_said_and_is_in_the_contract() -> None:
    section = re.search(r"^## The rooms\n(.*?)^## ", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert section
    said = {
        name for cell in re.findall(r"^\| (`.*?) \|", section[1], re.MULTILINE) for name in re.findall(r"\w+", cell)
    }
    assert said == set(rooms.imports()) == {room for layer in rooms.layers() for room in layer}


def test_every_arrow_goes_down() -> None:
    depth = {room: number for number, layer in enumerate(rooms.layers()) for room in layer}
    assert rooms.imports()["cli"]
    for room, below in rooms.imports().items():
        assert all(depth[room] < depth[one] for one in below), room


def test_what_is_left_out_of_the_picture_follows_from_it() -> None:
    arrows: dict[str, set[str]] = {}
    for room, below in rooms.essential():
        arrows.setdefault(room, set()).add(below)

    def reached(room: str) -> set[str]:
        return {room}.union(*(reached(below) for below in arrows.get(room, ())))

    for room, below in rooms.imports().items():
        assert below <= reached(room)
