"""Edits applied to the text of a Prisma schema: what is not edited stays as it is, byte for byte.

Columns of a group of lines are aligned again where they were aligned before, as `prisma format` aligns them
(psl/schema-ast/src/reformat.rs and renderer/table.rs in https://github.com/prisma/prisma-engines).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from headworks.owners.prisma.changes import (
    AddBlock,
    AddMember,
    Edit,
    RemoveMember,
    SetAttribute,
    SetBlockAttribute,
    SetType,
)
from headworks.owners.prisma.tree import Attribute, Block, Document, Member, Part

__all__ = ["edited", "line_of"]

_ORDER = ("id", "unique", "default", "updatedAt", "index", "fulltext", "map", "relation", "ignore")


def edited(document: Document, edits: Iterable[Edit]) -> tuple[str, ...]:
    """The texts of the files with these edits in them."""
    wanted = list(dict.fromkeys(edits))
    return tuple(_edited(document, part, wanted) for part in document.parts)


def _edited(document: Document, part: Part, wanted: Sequence[Edit]) -> str:
    text = document.text[part.start : part.end]
    newline = "\r\n" if "\r\n" in text else "\n"
    inside = [one for one in wanted if not isinstance(one, AddBlock) and document.part(one.block) == part]
    touched = {one.block.start: one.block for one in inside}
    for block in sorted(touched.values(), key=lambda one: one.start, reverse=True):
        body = _Body(document, block, newline)
        # What has no place of its own comes after all that has one.
        for edit in sorted(inside, key=lambda one: isinstance(one, AddMember) and one.after is None and not one.first):
            if edit.block == block:
                body.apply(edit)
        text = text[: body.start - part.start] + body.text() + text[body.end - part.start :]
    if part == document.home:
        for one in wanted:
            if isinstance(one, AddBlock):
                text = text.rstrip() + newline * (2 if text.strip() else 0) + one.text.replace("\n", newline)
    return text


def line_of(document: Document, block: Block, member: Member, edits: Iterable[Edit]) -> str:
    """The line of a member as its edits leave it, without alignment; nothing where they take it out."""
    body = _Body(document, block, "\n")
    for edit in edits:
        if isinstance(edit, SetType | SetAttribute | RemoveMember) and edit.member is member:
            body.apply(edit)
    return body.line(member)


@dataclass
class _Row:
    """A line of a block: `raw` as it stands, and what of it can be edited."""

    raw: str = ""
    member: Member | None = None
    attribute: Attribute | None = None
    name: str = ""
    type: str = ""
    attributes: list[tuple[str, str]] = field(default_factory=list)
    tail: str = ""
    changed: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.raw.strip() and not self.changed

    @property
    def is_member(self) -> bool:
        return bool(self.name)

    @property
    def cells(self) -> list[str]:
        cells = [self.name, self.type, " ".join(text for _, text in self.attributes)]
        return [one for one in cells if one]

    def placed(self, name: str) -> int:
        """Where an attribute of this name goes: in Prisma's order, after all that the person put before it."""
        rank = _rank(name)
        return next((at for at, (one, _) in enumerate(self.attributes) if _rank(one) > rank), len(self.attributes))


def _rank(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)


def _name_of(text: str) -> str:
    return text.lstrip("@").partition("(")[0]


class _Body:
    """The lines between the braces of a block."""

    def __init__(self, document: Document, block: Block, newline: str) -> None:
        self._document = document
        self._block = block
        self._newline = newline
        self.start = min(block.body, block.close)
        self.end = max(self.start, document.lines.span(block.close)[0])
        self._rows = list(self._read())
        first = next((one.raw for one in self._rows if one.is_member), "")
        self._indent = first[: len(first) - len(first.lstrip())] or "  "
        self._groups = self._grouped()
        self._aligned = [self._is_aligned(group) for group in self._groups]

    def _read(self) -> Iterable[_Row]:
        at = self.start
        while at < self.end:
            _, stop = self._document.lines.span(at)
            member = next((one for one in self._block.members if at <= one.start < stop), None)
            attribute = next((one for one in self._block.attributes if at <= one.start < stop), None)
            node = member or attribute
            while node is not None and node.end > stop:  # a list over several lines
                stop = self._document.lines.span(stop)[1]
            stop = min(stop, self.end)
            row = _Row(self._document.text[at:stop], member, attribute)
            if member is not None:
                row.name = member.name
                row.type = self._document.written(member.type) if member.type is not None else ""
                row.attributes = [(one.name, self._document.written(one)) for one in member.attributes]
            if node is not None:
                row.tail = self._document.text[node.end : stop].strip()
            yield row
            at = stop

    def _grouped(self) -> list[list[_Row]]:
        groups: list[list[_Row]] = [[]]
        for row in self._rows:
            if row.is_blank:
                groups.append([])
            elif row.is_member:
                groups[-1].append(row)
        return [group for group in groups if group]

    # -- editing

    def apply(self, edit: SetType | SetAttribute | SetBlockAttribute | AddMember | RemoveMember) -> None:
        if isinstance(edit, AddMember):
            self._add(edit)
        elif isinstance(edit, SetBlockAttribute):
            self._set_block_attribute(edit)
        else:
            row = next((one for one in self._rows if one.member is edit.member), None)
            if row is None:
                return  # taken out by another edit
            row.changed = True
            if isinstance(edit, RemoveMember):
                self._take_out(row)
            elif isinstance(edit, SetType):
                row.type = edit.text
            else:
                self._set_attribute(row, edit)

    def _set_attribute(self, row: _Row, edit: SetAttribute) -> None:
        if edit.old is not None:
            old = (edit.old.name, self._document.written(edit.old))
            if old not in row.attributes:
                return
            at = row.attributes.index(old)
            row.attributes[at : at + 1] = [(_name_of(edit.text), edit.text)] if edit.text else []
        elif edit.text:
            name = _name_of(edit.text)
            row.attributes.insert(row.placed(name), (name, edit.text))

    def _set_block_attribute(self, edit: SetBlockAttribute) -> None:
        if edit.old is not None:
            row = next((one for one in self._rows if one.attribute is edit.old), None)
            if row is None:
                return
            if not edit.text:
                self._take_out(row)
                return
            row.raw = row.raw.replace(self._document.written(edit.old), edit.text, 1)
            return
        new = _Row(self._indent + edit.text + self._newline, attribute=None, changed=True)
        ranks = [
            (at, _rank(one.attribute.name) if one.attribute is not None else _rank(_name_of(one.raw.strip())))
            for at, one in enumerate(self._rows)
            if one.attribute is not None or one.raw.lstrip().startswith("@@")
        ]
        before = [at for at, rank in ranks if rank <= _rank(_name_of(edit.text))]
        if before:
            self._rows.insert(before[-1] + 1, new)
        elif ranks:
            self._rows.insert(self._with_comments(ranks[0][0]), new)
        else:
            if self._rows and not self._rows[-1].is_blank:
                self._rows.append(_Row(self._newline))
            self._rows.append(new)

    def _with_comments(self, at: int) -> int:
        """The first of the comment lines directly above a line, which speak of it."""
        while at and self._rows[at - 1].raw.lstrip().startswith("//"):
            at -= 1
        return at

    def _add(self, edit: AddMember) -> None:
        attributes = [(_name_of(one), one) for one in edit.cells[2:]]
        typed = self._block.keyword != "enum"
        if not typed:
            attributes = [(_name_of(one), one) for one in edit.cells[1:]]
        new = _Row(name=edit.cells[0], type=edit.cells[1] if typed else "", attributes=attributes, changed=True)
        members = [one for one in self._rows if one.is_member]
        after = next((one for one in members if edit.after is not None and one.member is edit.after), None)
        if edit.first and members:
            at = next(place for place, one in enumerate(self._rows) if one is members[0])
            self._rows.insert(self._with_comments(at), new)
            next(one for one in self._groups if any(row is members[0] for row in one)).append(new)
            return
        anchor = after or (members[-1] if members else None)
        if anchor is None:
            self._rows.insert(0, new)
            self._groups.insert(0, [new])
            self._aligned.insert(0, True)
            return
        at = next(place for place, one in enumerate(self._rows) if one is anchor) + 1
        # Those that were put there before it come first.
        while at < len(self._rows) and self._rows[at].changed and self._rows[at].member is None and self._rows[at].name:
            at += 1
        self._rows.insert(at, new)
        group = next(one for one in self._groups if any(row is anchor for row in one))
        group.append(new)

    def _take_out(self, row: _Row) -> None:
        self._rows = [one for one in self._rows if one is not row]
        self._groups = [[one for one in group if one is not row] for group in self._groups]
        # No blank line is left where the last line of the block was.
        while self._rows and self._rows[-1].is_blank:
            self._rows.pop()

    # -- layout

    def line(self, member: Member) -> str:
        return next((" ".join(one.cells) for one in self._rows if one.member is member), "")

    def text(self) -> str:
        for group, aligned in zip(self._groups, self._aligned, strict=True):
            if not any(row.changed for row in group) and not aligned:
                continue
            widths = _widths(group) if aligned else []
            for row in group:
                if aligned or row.changed:
                    row.raw = self._laid_out(row, widths) + self._newline
        return "".join(row.raw for row in self._rows)

    def _is_aligned(self, group: Sequence[_Row]) -> bool:
        widths = _widths(group)
        return all(row.raw.rstrip("\r\n") == self._laid_out(row, widths) for row in group)

    def _laid_out(self, row: _Row, widths: Sequence[int]) -> str:
        cells = row.cells
        padded = [cell.ljust(widths[at]) if widths and at < len(cells) - 1 else cell for at, cell in enumerate(cells)]
        return self._indent + " ".join(padded) + (f" {row.tail}" if row.tail else "")


def _widths(group: Sequence[_Row]) -> list[int]:
    cells = [row.cells for row in group]
    return [max((len(one[at].encode()) for one in cells if at < len(one)), default=0) for at in range(3)]
