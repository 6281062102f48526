"""The formats, one module each, found by name: a new format is a new file here.

A format's module has `render(graph) -> str`, and may have `PAGES`: by file suffix, what it writes for a file of that
name instead (Markdown around a diagram, say).
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, cast

from headworks.erd.errors import FormatMissing
from headworks.erd.graph import Graph

__all__ = ["Renderer", "names", "renderer"]

Renderer = Callable[[Graph], str]


class _Format(Protocol):
    """What a format's module looks like."""

    PAGES: Mapping[str, Renderer]

    def render(self, graph: Graph) -> str: ...


def names() -> tuple[str, ...]:
    """The formats that there are."""
    return tuple(sorted(one.name for one in pkgutil.iter_modules(__path__) if not one.name.startswith("_")))


def renderer(name: str, file: Path | None = None) -> Renderer:
    """What writes a graph in this format, to stdout or to a file of this name. Raises `FormatMissing`."""
    if name not in names():
        raise FormatMissing(name=name, known=", ".join(names()), first=names()[0])
    module = cast("_Format", importlib.import_module(f"{__name__}.{name}"))
    pages: Mapping[str, Renderer] = getattr(module, "PAGES", {})
    return pages.get(file.suffix.lower(), module.render) if file is not None else module.render
