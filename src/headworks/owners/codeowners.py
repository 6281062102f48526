"""Who owns a file, as CODEOWNERS says: the last pattern that matches it counts.

Syntax: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
and GitLab's sections with owners of their own.
"""

import re
from functools import cached_property
from pathlib import Path

from headworks.repository import top_of

__all__ = ["CodeOwners"]

_PLACES = (".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
_SECTION = re.compile(r"\^?\[[^\]]+\](?:\[\d+\])?\s*(?P<owners>.*)")
_WORDS = re.compile(r"(?:\\.|[^\s\\])+")


class CodeOwners:
    """The CODEOWNERS file of the repository around `folder`; `file` is `None` where there is none."""

    def __init__(self, folder: Path) -> None:
        self._top = top_of(folder) or folder.resolve()
        self.file = next((file for place in _PLACES if (file := self._top / place).is_file()), None)

    def of(self, path: Path) -> tuple[str, ...]:
        """The owners of a file; none when no pattern matches it, or the last one that does names nobody."""
        path = path.resolve()
        if not path.is_relative_to(self._top):
            return ()
        name = path.relative_to(self._top).as_posix()
        return next((owners for pattern, owners in reversed(self._rules) if pattern.fullmatch(name)), ())

    @cached_property
    def _rules(self) -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
        rules = []
        default: list[str] = []
        text = self.file.read_text(encoding="utf-8", errors="replace") if self.file else ""
        for line in text.splitlines():
            if section := _SECTION.fullmatch(line.strip()):
                default = _WORDS.findall(section["owners"])
                continue
            words = _WORDS.findall(line.strip())
            comment = next((place for place, word in enumerate(words) if word.startswith("#")), len(words))
            if words[:comment]:
                rules.append((_pattern(words[0]), tuple(words[1:comment] or default)))
        return rules


def _pattern(text: str) -> re.Pattern[str]:
    """A path's pattern: as in .gitignore, but that `folder/*` is the files of that folder alone."""
    words = text.strip("/").split("/")
    anchored = text.startswith("/") or len(words) > 1
    found = "" if anchored else "(?:.*/)?"
    for place, word in enumerate(words):
        last = place == len(words) - 1
        if word == "**":
            found += ".*" if last else "(?:.*/)?"
        else:
            found += _word(word) + ("" if last else "/")
    if text.endswith("/"):
        return re.compile(f"{found}/.*")
    only_files = anchored and words[-1] == "*"
    return re.compile(found if only_files else f"{found}(?:/.*)?")


def _word(word: str) -> str:
    parts = re.findall(r"\\.|\*+|\?|[^*?\\]+", word)
    return "".join("[^/]*" if one[0] == "*" else "[^/]" if one == "?" else re.escape(one.lstrip("\\")) for one in parts)
