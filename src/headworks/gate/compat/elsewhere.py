"""Import a repository's code from another folder, where an older commit of it lies."""

import importlib.machinery
import sys
from collections.abc import Iterable, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType

__all__ = ["import_from"]

_INSTALLED = {"site-packages", "dist-packages"}


def import_from(export: Path, top: Path) -> None:
    """From now on, what would be imported from below `top` is imported from the same place below `export`.

    Packages that are installed, in a virtual environment below `top`, say, stay what they are. A module that is not in
    `export` is not found: the older code did without it.
    """
    moved = _Moved(export.resolve(), top.resolve())
    sys.path[:] = [str(moved.place(Path(entry)) or entry) if entry else entry for entry in sys.path]
    # Editable installs have finders of their own, which know the folder and not sys.path.
    sys.meta_path.insert(0, _Finder(moved))


class _Moved:
    def __init__(self, export: Path, top: Path) -> None:
        self._export = export
        self._top = top

    def place(self, path: Path) -> Path | None:
        """Where the older one is; `None` for what is not of the repository."""
        path = path.resolve()
        if path.is_relative_to(self._export) or not path.is_relative_to(self._top):
            return None
        inner = path.relative_to(self._top)
        return None if _INSTALLED & set(inner.parts) else self._export / inner


class _Finder(MetaPathFinder):
    def __init__(self, moved: _Moved) -> None:
        self._moved = moved

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if path is not None:
            return None  # of a package that is there already, and says where its modules are
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            if finder is self or find is None:
                continue
            if (spec := find(fullname, None, target)) is not None:
                return self._older(fullname, spec)
        return None

    def _older(self, name: str, spec: importlib.machinery.ModuleSpec) -> importlib.machinery.ModuleSpec | None:
        own = [spec.origin] if spec.origin and spec.has_location else []
        places: Iterable[str] = spec.submodule_search_locations or own
        for place in places:
            if (older := self._moved.place(Path(place))) is not None:
                found = importlib.machinery.PathFinder.find_spec(name, [str(older.parent)])
                if found is None:
                    raise ModuleNotFoundError(f"No module named {name!r} at that commit", name=name)
                return found
        return None
