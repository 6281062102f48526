"""What the gate reads in a revision's file: where its functions are, and which findings it allows."""

import ast
import re
import tokenize
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec

from headworks.migrations.history import Revision

__all__ = ["Allowance", "RevisionSource"]

_ALLOW = re.compile(r"#\s*headworks:\s*allow\s+(?P<rule>[\w.-]+)(?:\s*-\s*(?P<reason>.+))?")


class Allowance(msgspec.Struct, frozen=True):
    """`# headworks: allow RULE - reason` in a revision's file."""

    rule: str
    reason: str
    line: int


class RevisionSource:
    """The text of a revision's file, as Python's own tokenizer and parser see it."""

    def __init__(self, revision: Revision) -> None:
        self._path: Path = revision.path

    @cached_property
    def allowances(self) -> tuple[Allowance, ...]:
        """The allowances, in order. Words in strings are no comments."""
        with tokenize.open(self._path) as file:
            comments = [token for token in tokenize.generate_tokens(file.readline) if token.type == tokenize.COMMENT]
        found = ((_ALLOW.match(comment.string), comment.start[0]) for comment in comments)
        return tuple(Allowance(match["rule"], match["reason"] or "", line) for match, line in found if match)

    def mentions(self, name: str) -> bool:
        """Whether this word is anywhere in the file."""
        return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self._text) is not None

    def line_of(self, function: str) -> int:
        """The line of `def upgrade` or `def downgrade`; 1 where there is none."""
        return next(
            (node.lineno for node in self._tree.body if isinstance(node, ast.FunctionDef) and node.name == function), 1
        )

    def body_of(self, function: str) -> Literal["", "empty", "raises"]:
        """`empty` where the function does nothing, `raises` where it does nothing but refuse."""
        found = next(
            (one for one in self._tree.body if isinstance(one, ast.FunctionDef) and one.name == function), None
        )
        if found is None:
            return ""
        body = [one for one in found.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
        if body and isinstance(body[0], ast.Raise):
            return "raises"
        return "" if any(not isinstance(one, ast.Pass) for one in body) else "empty"

    def raises_at(self, line: int) -> bool:
        """Whether a `raise` statement stands at this line: the revision refuses on purpose."""
        return any(
            isinstance(node, ast.Raise) and node.lineno <= line <= (node.end_lineno or node.lineno)
            for node in ast.walk(self._tree)
        )

    @cached_property
    def _text(self) -> str:
        with tokenize.open(self._path) as file:
            return file.read()

    @cached_property
    def _tree(self) -> ast.Module:
        return ast.parse(self._path.read_bytes())
