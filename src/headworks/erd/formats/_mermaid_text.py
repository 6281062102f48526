"""How names, types and comments are written so that Mermaid's lexer takes them, whatever is in them.

The rules are those of erDiagram.jison from 10.9 to 11.17 (https://github.com/mermaid-js/mermaid): what any of these
versions stumbles on is written another way, because a page is drawn by the version that its site happens to have. One
thing only newer ones take (11.12 does, 11.4 does not): letters beyond ASCII in a column's name.
"""

import re
import textwrap
import unicodedata

__all__ = ["emphasised", "entity_id", "quoted", "shortened", "type_word", "word"]

# Words of the grammar, and `direction`, which means a statement when TB or LR follows it.
_KEYWORDS = frozenset(
    {
        "accdescr",
        "acctitle",
        "class",
        "classdef",
        "default",
        "direction",
        "end",
        "erdiagram",
        "many",
        "o",
        "one",
        "only",
    }
    | {"optionally", "style", "subgraph", "title", "to", "u", "zero"}
)
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# Written as they are inside quotes. `#` begins a character reference, `%` comments and directives, `~`
# generics, `$$` formulas, a backtick would end a Markdown fence; `<`, `>`, `&` and `*` mean markup to some renderers.
_PLAIN_MARKS = frozenset(" _-.,:;()'/+=?!@|[]{}^")
_DIRECTION = re.compile(r"(?i)(?<=direction)( +)(?=TB|BT|RL|LR)")
# Mermaid drops the last `;` of a line that looks like `style x:#fff;`.
_COLON_BEFORE_TEXT = re.compile(r":(?! |$)")

# Text is read as Markdown: `_x_` would be shown as an x in italics. Within a word an underscore is one.
_MARKUP = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")

_WORD_MARKS = frozenset("_-()[]")
# The lexer sees `pk` and a boundary after ASCII letters, so `pké` begins with a key mark as well.
_KEY_MARK = re.compile(r"(?i)(?:pk|fk|uk)(?![A-Za-z0-9_])")

_SHORT_TYPES = (
    (re.compile(r"\b(timestamp|time)(\(\d\))? with time zone"), r"\1tz\2"),
    (re.compile(r"\b(timestamp|time)(\(\d\))? without time zone"), r"\1\2"),
    (re.compile(r"\bcharacter varying\b"), "varchar"),
    (re.compile(r"\bbit varying\b"), "varbit"),
    (re.compile(r"\bdouble precision\b"), "float8"),
)


def quoted(text: str) -> str:
    """Any text in quotes. A mark that cannot stand there becomes a reference (`#quot;`); a picture shows the mark."""
    made = "".join(char if _plain(char) else "#quot;" if char == '"' else f"#{ord(char)};" for char in text)
    made = _MARKUP.sub("#95;", made) if emphasised(text) else made
    made = _COLON_BEFORE_TEXT.sub("#58;", made)
    made = _DIRECTION.sub(lambda match: "#32;" * len(match[1]), made)
    return f'"{made}"'


def entity_id(label: str) -> str:
    """An entity's name: bare where every version reads it as a name, else quoted. Different labels stay different."""
    if _BARE.fullmatch(label) and label.lower() not in _KEYWORDS and not emphasised(label):
        return label
    return quoted(label)


def emphasised(text: str) -> bool:
    """Whether underscores in it would be taken for markup."""
    return len(_MARKUP.findall(text)) > 1


def word(text: str) -> str:
    """The text as one word of the grammar: `_` for what cannot be in one, as a comma, a dot or a space."""
    made = "".join(char if char in _WORD_MARKS or _letter(char) else "_" for char in text)
    if made != text:
        made = re.sub("_+", "_", made).strip("_")
    if not made or not (made[0] == "_" or (_letter(made[0]) and not made[0].isdecimal())) or _KEY_MARK.match(made):
        return f"_{made}"
    return made


def type_word(printed: str, default_schema: str) -> str:
    """A type as one word, by the short name that PostgreSQL has as well: `timestamptz`, `varchar(9)`, `numeric(12_2)`.

    Without the name of the default schema, which the types of an empty search path all carry.
    """
    text = printed.removeprefix(f"{default_schema}.")
    for pattern, short in _SHORT_TYPES:
        text = pattern.sub(short, text)
    return word(text.replace('"', ""))


def shortened(text: str, width: int) -> str:
    """One line of at most `width` characters."""
    line = " ".join(text.split())
    return textwrap.shorten(line, width, placeholder=" ...") if " " in line[:width] else _cut(line, width)


def _cut(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 4] + " ..."


def _plain(char: str) -> bool:
    """Whether a character may stand in quotes: of those beyond ASCII all but separators and control characters."""
    if char.isascii():
        return char.isalnum() or char in _PLAIN_MARKS
    return unicodedata.category(char)[0] not in "ZC"


def _letter(char: str) -> bool:
    """A letter, mark or digit that the lexer takes in a word: ASCII, or from U+00C0 on."""
    if char.isascii():
        return char.isalnum()
    return ord(char) >= 0xC0 and unicodedata.category(char)[0] in "LMN"
