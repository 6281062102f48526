"""Text inside Markdown: what a database holds must not become markup, a link, or a mention of somebody."""

import html
import re

__all__ = ["code", "fenced", "inline", "summary"]

# Each becomes a character reference, which never is syntax. `@name` and `#1` would call people and issues, `$` begins a
# formula on GitHub, `:name:` is a picture, `://` a link.
_SYNTAX = re.compile(r"[\\`*\[\]<>&|~$]|(?<!\w)_|_(?!\w)|@(?=\w)|#(?=\d)|:(?=[\w+-]+:)|:(?=//)")


def inline(text: str) -> str:
    """Plain text in a paragraph, a list or a table's cell."""
    return _SYNTAX.sub(_reference, " ".join(text.split("\n")))


def code(text: str) -> str:
    """A value or a name as code, also in a table's cell: there no backquotes can hold a pipe."""
    if "|" in text or "\n" in text or not text.strip():
        return f"<code>{_SYNTAX.sub(_reference, text).replace(chr(10), '<br>')}</code>"
    ticks = "`" * (_longest(text) + 1)
    space = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def fenced(text: str, language: str, indent: str = "") -> str:
    """A block of code, its fence longer than any in it."""
    fence = "`" * max(3, _longest(text) + 1)
    return "\n".join(f"{indent}{line}" for line in (f"{fence}{language}", *text.split("\n"), fence))


def summary(text: str, more: str = "") -> str:
    """The line of a collapsible block. It is HTML, in which a blank line would end it; a name in code calls nobody."""
    return f"<summary><code>{html.escape(' '.join(text.split()))}</code>{html.escape(more)}</summary>"


def _reference(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def _longest(text: str) -> int:
    """Of the runs of backquotes."""
    return max(map(len, re.findall("`+", text)), default=0)
