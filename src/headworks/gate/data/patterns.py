"""Texts that match a pattern of a check: candidates, for the server to judge."""

import string

__all__ = ["like_sample", "pattern_sample"]

_CLASSES = {
    "d": string.digits,
    "w": string.ascii_lowercase + string.digits + "_",
    "s": " ",
    "D": "x",
    "W": "-",
    "S": "x",
}
_NAMED = {
    "alpha": string.ascii_lowercase,
    "digit": string.digits,
    "alnum": string.ascii_lowercase + string.digits,
    "upper": string.ascii_uppercase,
    "lower": string.ascii_lowercase,
    "space": " ",
    "blank": " ",
    "punct": "-._",
    "xdigit": string.hexdigits[:16],
}
_ANY = string.ascii_lowercase + string.digits
_MORE = 4
"""How many repetitions more than it must have a part gets."""


def pattern_sample(pattern: str, variant: int) -> str | None:
    """A text that a regular expression should match, another one for each `variant`; `None` for one not understood."""
    try:
        return _Sampler(pattern, variant).sample()
    except (IndexError, ValueError):
        return None


def like_sample(pattern: str, variant: int) -> str:
    """A text that a LIKE pattern matches."""
    result, escaped = "", False
    for letter in pattern:
        if escaped or letter not in "%_\\":
            result, escaped = result + letter, False
        elif letter == "\\":
            escaped = True
        else:
            result += _ANY[variant % len(_ANY)] if letter == "_" else f"x{variant}"
    return result


class _Sampler:
    """Reads the pattern and writes the sample in one go; a part that repeats is read again each time."""

    def __init__(self, pattern: str, variant: int) -> None:
        self._text = pattern
        self._at = 0
        self._variant = variant
        self._drawn = 0

    def sample(self) -> str:
        result = self._alternatives()
        if self._at < len(self._text):
            raise ValueError
        return result

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _alternatives(self) -> str:
        branches = [self._branch()]
        while self._peek() == "|":
            self._at += 1
            branches.append(self._branch())
        return branches[self._variant % len(branches)]

    def _branch(self) -> str:
        result = ""
        while (letter := self._peek()) and letter not in "|)":
            result += self._piece()
        return result

    def _piece(self) -> str:
        start = self._at
        drawn = self._atom()
        end = self._at
        low, high = self._quantifier()
        after = self._at
        if (low, high) == (1, 1):
            return drawn
        count = min(low + self._variant % _MORE + (0 if low else 1), high)
        result = ""
        for _ in range(count):
            self._at = start
            result += self._atom()
            assert self._at == end
        self._at = after
        return result

    def _quantifier(self) -> tuple[int, int]:
        letter = self._peek()
        low, high = 1, 1
        if letter and letter in "*+?":
            self._at += 1
            low, high = {"*": (0, 1 << 30), "+": (1, 1 << 30), "?": (0, 1)}[letter]
        elif letter == "{" and self._text[self._at + 1 : self._at + 2].isdigit():
            end = self._text.index("}", self._at)
            first, comma, last = self._text[self._at + 1 : end].partition(",")
            low = int(first)
            high = int(last) if last else 1 << 30 if comma else low
            self._at = end + 1
        if (low, high) != (1, 1) and self._peek() == "?":  # not greedy
            self._at += 1
        return low, high

    def _atom(self) -> str:
        letter = self._text[self._at]
        self._at += 1
        if letter == "(":
            return self._group()
        if letter == "[":
            return self._draw(self._set())
        if letter == "\\":
            return self._escape()
        if letter in "^$":
            return ""
        return self._draw(_ANY) if letter == "." else letter

    def _group(self) -> str:
        silent = False
        if self._peek() == "?":
            kind = self._text[self._at : self._at + 3]
            silent = not kind.startswith("?:")  # (?=...) and the like take up no room
            self._at += 2 if kind[:2] in ("?:", "?=", "?!") else 3
        result = self._alternatives()
        if self._text[self._at] != ")":
            raise ValueError
        self._at += 1
        return "" if silent else result

    def _escape(self) -> str:
        letter = self._text[self._at]
        self._at += 1
        if letter in _CLASSES:
            return self._draw(_CLASSES[letter])
        if letter in "mMyYAZ":  # places, not letters
            return ""
        return {"n": "\n", "t": "\t"}.get(letter, letter)

    def _set(self) -> str:
        negated = self._peek() == "^"
        self._at += negated
        found = ""
        first = True
        while self._text[self._at] != "]" or first:
            first = False
            if self._text.startswith("[:", self._at):
                end = self._text.index(":]", self._at)
                found += _NAMED.get(self._text[self._at + 2 : end], "")
                self._at = end + 2
                continue
            low = self._member()
            if len(low) == 1 and self._peek() == "-" and self._text[self._at + 1] != "]":
                self._at += 1
                high = self._member()
                low = "".join(map(chr, range(ord(low), min(ord(high), ord(low) + 200) + 1)))
            found += low
        self._at += 1
        if negated:
            found = "".join(one for one in _ANY + string.ascii_uppercase + "-_ " if one not in found)
        return found

    def _member(self) -> str:
        letter = self._text[self._at]
        self._at += 1
        if letter != "\\":
            return letter
        letter = self._text[self._at]
        self._at += 1
        return _CLASSES.get(letter, {"n": "\n", "t": "\t"}.get(letter, letter))

    def _draw(self, letters: str) -> str:
        """A letter of them; which one depends on the variant and on how many have been drawn before."""
        self._drawn += 1
        step = self._variant // (7 ** (self._drawn % 3)) + self._drawn
        return letters[step % len(letters)] if letters else ""
