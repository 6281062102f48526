"""Words for people: counted, in the right number."""

__all__ = ["plural"]


def plural(count: int, word: str, words: str | None = None) -> str:
    """`1 revision`, `2 revisions`, `1,000 policies`."""
    return f"{count:,} {word if count == 1 else words or _several(word)}"


def _several(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    if word.endswith(("s", "x", "ch", "sh")):
        return word if word.endswith("ics") else f"{word}es"
    return f"{word}s"
