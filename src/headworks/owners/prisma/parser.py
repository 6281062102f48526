"""A Prisma schema's text -> its syntax tree, by recursive descent.

It takes what Prisma's own grammar takes (datamodel.pest in prisma-engines), and line breaks within parentheses and
brackets as well. Whether what is written means anything is another question (`meaning`).
"""

from collections.abc import Iterable
from typing import NoReturn

from headworks.owners.prisma.errors import SyntaxWrong
from headworks.owners.prisma.tokens import Kind, Lines, Token, tokenize
from headworks.owners.prisma.tree import (
    Argument,
    Array,
    Attribute,
    Block,
    Call,
    Document,
    Entry,
    Expression,
    Member,
    Number,
    Part,
    Path,
    Text,
    TypeName,
)

__all__ = ["parse", "parse_files"]

_FIELDS = ("model", "view", "type")
_ENTRIES = ("datasource", "generator")
_KEYWORDS = (*_FIELDS, "enum", *_ENTRIES)
_TRIVIA = frozenset({Kind.SPACE, Kind.COMMENT, Kind.DOC})


def parse(text: str, file: str = "schema.prisma") -> tuple[Document, tuple[SyntaxWrong, ...]]:
    """The tree of a text, and every place where it is not one: such lines are left out of the tree."""
    return parse_files([(file, text)])


def parse_files(files: Iterable[tuple[str, str]]) -> tuple[Document, tuple[SyntaxWrong, ...]]:
    """The one tree of several files, which are pairs of a name and a text."""
    whole = ""
    parts: list[Part] = []
    blocks: list[Block] = []
    errors: list[SyntaxWrong] = []
    for file, text in files:
        if whole and not whole.endswith("\n"):  # no line is of two files
            whole += "\n"
        parser = _Parser(text, file, len(whole))
        blocks += parser.schema()
        errors += parser.errors
        parts.append(Part(file, len(whole), len(whole) + len(text)))
        whole += text
    return Document(whole, tuple(parts), tuple(blocks), Lines(whole)), tuple(errors)


class _Parser:
    def __init__(self, text: str, file: str, offset: int) -> None:
        """`offset` is the place of the text in that of all files."""
        self._file = file
        self._lines = Lines(text)
        self._offset = offset
        kept = (one for one in tokenize(text) if one.kind not in _TRIVIA)
        self._tokens = [one._replace(start=one.start + offset) for one in kept] if offset else list(kept)
        self._at = 0
        self.errors: list[SyntaxWrong] = []

    # -- moving

    @property
    def _here(self) -> Token:
        return self._tokens[self._at]

    @property
    def _before(self) -> int:
        """Where the last token that was taken ends."""
        return self._tokens[self._at - 1].end if self._at else self._offset

    def _take(self) -> Token:
        token = self._here
        self._at += token.kind is not Kind.END
        return token

    def _is(self, mark: str) -> bool:
        return self._here.kind is Kind.MARK and self._here.text == mark

    def _took(self, mark: str) -> bool:
        found = self._is(mark)
        if found:
            self._take()
        return found

    def _expect(self, mark: str, what: str) -> Token:
        if not self._is(mark):
            self._fail(f"expected {mark!r} {what}")
        return self._take()

    def _name(self, what: str) -> Token:
        if self._here.kind is not Kind.NAME:
            # A name may begin with a digit, and may be digits alone.
            if self._here.kind is Kind.NUMBER and self._here.text.isdigit():
                return self._take()
            self._fail(f"expected {what}")
        return self._take()

    def _skip_newlines(self) -> None:
        while self._here.kind is Kind.NEWLINE:
            self._take()

    def _skip_line(self) -> None:
        while self._here.kind not in (Kind.NEWLINE, Kind.END):
            self._take()

    def _end_of_line(self, after: str) -> None:
        if self._here.kind not in (Kind.NEWLINE, Kind.END) and not self._is("}"):
            self._fail(f"expected the end of the line after {after}")

    def _fail(self, reason: str) -> NoReturn:
        token = self._here
        line, column = self._lines.place(token.start - self._offset)
        shown = {Kind.END: "the end of the file", Kind.NEWLINE: "the end of the line"}.get(token.kind, token.text)
        if token.kind is Kind.BROKEN and token.text.startswith('"'):
            reason, shown = "this string does not end", token.text
        raise SyntaxWrong(file=self._file, line=line, column=column, reason=f"{reason}, found {shown}")

    # -- the grammar

    def schema(self) -> list[Block]:
        blocks = []
        while self._here.kind is not Kind.END:
            if self._here.kind is Kind.NEWLINE:
                self._take()
                continue
            try:
                blocks.append(self._block())
            except SyntaxWrong as error:
                self.errors.append(error)
                self._skip_to_block()
        return blocks

    def _skip_to_block(self) -> None:
        """To the next line that begins like a block: what lies between is one mistake, and not one a line."""
        self._skip_line()
        while self._here.kind is not Kind.END and self._here.text not in _KEYWORDS:
            self._skip_line()
            self._skip_newlines()

    def _block(self) -> Block:
        keyword = self._here
        if keyword.kind is not Kind.NAME or keyword.text not in _KEYWORDS:
            self._fail(f"expected one of {', '.join(_KEYWORDS)}")
        self._take()
        name = self._name(f"the name of the {keyword.text}")
        self._expect("{", f"after {keyword.text} {name.text}")
        self._end_of_line("'{'")
        body = self._here.end
        members: list[Member] = []
        entries: list[Entry] = []
        attributes: list[Attribute] = []
        while not self._is("}"):
            if self._here.kind is Kind.END:
                line = self._lines.place(keyword.start - self._offset)[0]
                self._fail(f"expected '}}' for the {keyword.text} {name.text} of line {line}")
            if self._here.kind is Kind.NEWLINE:
                self._take()
                continue
            try:
                if self._is("@@"):
                    attributes.append(self._attribute())
                    self._end_of_line("the attribute")
                elif keyword.text in _ENTRIES:
                    entries.append(self._entry())
                else:
                    members.append(self._member(typed=keyword.text in _FIELDS))
            except SyntaxWrong as error:
                self.errors.append(error)
                self._skip_line()
        close = self._take()
        return Block(
            start=keyword.start,
            end=close.end,
            keyword=keyword.text,
            name=name.text,
            name_start=name.start,
            body=body,
            close=close.start,
            members=tuple(members),
            entries=tuple(entries),
            attributes=tuple(attributes),
        )

    def _entry(self) -> Entry:
        name = self._name("a key")
        self._expect("=", f"after {name.text}")
        value = self._expression()
        self._end_of_line("the value")
        return Entry(name.start, self._before, name.text, value)

    def _member(self, *, typed: bool) -> Member:
        name = self._name("a field" if typed else "a value")
        kind = self._type() if typed else None
        attributes = []
        while self._is("@"):
            attributes.append(self._attribute())
        self._end_of_line("the field" if typed else "the value")
        return Member(name.start, self._before, name.text, name.end, kind, tuple(attributes))

    def _type(self) -> TypeName:
        name = self._name("the type of the field")
        unsupported = None
        if name.text == "Unsupported" and self._took("("):
            if self._here.kind is not Kind.STRING:
                self._fail("expected the type of the database, as a string,")
            token = self._take()
            unsupported = Text(token.start, token.end, token.text).value
            self._expect(")", "after the type")
        is_list = self._took("[")
        if is_list:
            self._expect("]", "after '['")
        optional = self._took("?")
        return TypeName(name.start, self._before, name.text, unsupported, optional, is_list)

    def _attribute(self) -> Attribute:
        mark = self._take()
        name = self._dotted("the name of the attribute")
        arguments = self._arguments() if self._is("(") else ()
        return Attribute(mark.start, self._before, name, arguments)

    def _dotted(self, what: str) -> str:
        name = self._name(what).text
        while self._took("."):
            name += "." + self._name(f"a name after '{name}.'").text
        return name

    def _arguments(self) -> tuple[Argument, ...]:
        self._expect("(", "here")
        found = []
        self._skip_newlines()
        while not self._is(")"):
            found.append(self._argument())
            self._skip_newlines()
            if not self._took(",") and not self._is(")"):
                self._fail("expected ',' or ')'")
            self._skip_newlines()
        self._take()
        return tuple(found)

    def _argument(self) -> Argument:
        start = self._here.start
        name = ""
        following = self._tokens[min(self._at + 1, len(self._tokens) - 1)]
        if self._here.kind is Kind.NAME and following.kind is Kind.MARK and following.text == ":":
            name = self._take().text
            self._take()
            self._skip_newlines()
        value = self._expression()
        return Argument(start, self._before, name, value)

    def _expression(self) -> Expression:
        token = self._here
        if token.kind is Kind.STRING:
            self._take()
            return Text(token.start, token.end, token.text)
        if token.kind is Kind.NUMBER:
            self._take()
            return Number(token.start, token.end, token.text)
        if self._is("["):
            return self._array()
        if token.kind is Kind.NAME:
            name = self._dotted("a value")
            if self._is("("):
                arguments = self._arguments()
                return Call(token.start, self._before, name, arguments)
            return Path(token.start, self._before, name)
        return self._fail("expected a value")

    def _array(self) -> Array:
        start = self._take().start
        items = []
        self._skip_newlines()
        while not self._is("]"):
            items.append(self._expression())
            self._skip_newlines()
            if not self._took(",") and not self._is("]"):
                self._fail("expected ',' or ']'")
            self._skip_newlines()
        self._take()
        return Array(start, self._before, tuple(items))
