"""Take passwords out of any text before a person, a log or a file sees it."""

import re

__all__ = ["MASK", "is_secret", "redact"]

MASK = "***"

# `scheme://user:secret@`; the secret may itself hold `@` or `/` when its author forgot to encode it, so it reaches
# to the last `@` of the word: hiding too much is the safe mistake. The word PASSWORD is a place for one, in our hints.
# A scheme has an end, lest each character of a long word (base64 in a function's body) be tried with all that follow.
_IN_URL = re.compile(r"(?P<head>[A-Za-z][\w+.-]{0,40}://[^\s:/]*:)(?!PASSWORD@)[^\s]+(?=@)")
# `?password=...`, `password='...'` of a libpq connection string, `PGPASSWORD=...`.
_IN_PAIR = re.compile(
    r"(?P<head>(?:pg|ssl)?passw(?:or)?d\s*=\s*)(?:''[^']+''|'(?:[^'\\]|\\.)*'|\"[^\"]*\"|[^\s&'\";,)]+)", re.IGNORECASE
)
# `PASSWORD 'secret'` of CREATE ROLE, `password 'secret'` of OPTIONS: each form that SQL has for a text, also within a
# text (where quotes are doubled), as an argument of format(), and with its end cut off.
_IN_SQL = re.compile(
    r"""(?P<head>passw(?:or)?d"?(?!'s\s)(?:\s|/\*.*?\*/)*)(?:
        ''(?=[^\s,;)'])[^']*(?:''|\Z)
      | %[0-9$]*L[^']*'\s*,\s*'(?:[^']|'')*(?:'|\Z)
      | E'(?:[^'\\]|''|\\.)*(?:'|\Z)
      | (?:U&)?'(?:[^']|'')*(?:'|\Z)(?:\s+'(?:[^']|'')*(?:'|\Z))*
      | \$(?P<tag>\w*)\$.*?(?:\$(?P=tag)\$|\Z)
    )""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_SECRET = re.compile(
    r"(?:^|_)(?:passw(?:or)?d|passphrase|pwd|secret|token|(?:api|access|private|secret)_?key|credential)s?"
    r"(?:_(?:hash|digest|salt|encrypted))?$",
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def redact(text: str) -> str:
    """Return `text` with the password of each URL, of each `password=` pair and of SQL's `PASSWORD '...'` as `***`."""
    text = _IN_URL.sub(rf"\g<head>{MASK}", text)
    text = _IN_PAIR.sub(rf"\g<head>{MASK}", text)
    return _IN_SQL.sub(rf"\g<head>'{MASK}'", text)


def is_secret(name: str) -> bool:
    """Whether a column of this name holds what nobody should read: `password_hash`, `apiToken`, `client_secret`."""
    return _SECRET.search(_HUMP.sub("_", name)) is not None
