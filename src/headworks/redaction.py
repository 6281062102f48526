"""Take passwords out of any text before a person, a log or a file sees it."""

import re

__all__ = ["MASK", "redact"]

MASK = "***"

# `scheme://user:secret@`; the secret may itself hold `@` or `/` when its author forgot to encode it, so it reaches
# to the last `@` of the word: hiding too much is the safe mistake. The word PASSWORD is a place for one, in our hints.
# A scheme has an end, lest each character of a long word (base64 in a function's body) be tried with all that follow.
_IN_URL = re.compile(r"(?P<head>[A-Za-z][\w+.-]{0,40}://[^\s:/]*:)(?!PASSWORD@)[^\s]+(?=@)")
# `?password=...`, `password='...'` of a libpq connection string, `PGPASSWORD=...`.
_IN_PAIR = re.compile(
    r"(?P<head>(?:pg|ssl)?passw(?:or)?d\s*=\s*)(?:'(?:[^'\\]|\\.)*'|\"[^\"]*\"|[^\s&'\";,)]+)", re.IGNORECASE
)


def redact(text: str) -> str:
    """Return `text` with the password of every URL and of every `password=` pair replaced by `***`."""
    text = _IN_URL.sub(rf"\g<head>{MASK}", text)
    return _IN_PAIR.sub(rf"\g<head>{MASK}", text)
