"""What a revision does, as one hash: of its code as Python's own parser sees it.

Comments, layout, quotes and docstrings are no part of it: an allowance, a formatter or a corrected sentence makes no
other revision. All the rest is, `down_revision` and annotations too. The hash is the same on all versions of Python.
"""

import ast
import hashlib
from collections.abc import Iterator
from typing import Any

__all__ = ["fingerprint"]

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
# How a thing was written (u"", a type comment) and what follows from where it stands.
_LEFT_OUT = {"kind", "type_comment", "type_ignores", "ctx"}


def fingerprint(source: bytes) -> str:
    """`sha256:` and 64 hexadecimal digits. Raises `SyntaxError`."""
    text = "".join(_said(ast.parse(source)))
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _said(node: Any) -> Iterator[str]:
    """The tree as a text that is the same on all versions; `ast.dump` shows empty fields on some of them alone."""
    if isinstance(node, list):
        yield "["
        for one in node:
            yield from _said(one)
            yield ","
        yield "]"
        return
    if not isinstance(node, ast.AST):
        yield repr(node)
        return
    yield f"{type(node).__name__}("
    for name, value in ast.iter_fields(node):
        if name == "body" and isinstance(node, _DOCUMENTED):
            value = _without_docstring(value)
        elif name == "values" and isinstance(node, ast.JoinedStr):
            value = _joined(value)
        # A field that is empty may be one that an older version has not (`type_params`, since 3.12).
        if name in _LEFT_OUT or ((value is None or value == []) and not isinstance(node, ast.Constant)):
            continue
        yield f"{name}="
        yield from _said(value)
        yield " "
    yield ")"


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0] if body else None
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(
        first.value.value, str
    )  # fmt: skip
    return body[1:] if documented else body


def _joined(parts: list[ast.expr]) -> list[ast.expr]:
    """The parts of an f-string with neighbouring text as one: versions cut it differently."""
    found: list[ast.expr] = []
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            if not part.value:
                continue
            last = found[-1] if found else None
            if isinstance(last, ast.Constant) and isinstance(last.value, str):
                found[-1] = ast.Constant(last.value + part.value)
                continue
        found.append(part)
    return found
