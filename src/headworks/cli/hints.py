"""Hints that work when pasted: they repeat what this command line says of where the project and its database are."""

import re
import shlex
from collections.abc import Iterator

import click

from headworks.cli import state
from headworks.cli.commands import command_of

__all__ = ["again", "pasteable"]

_COMMAND = re.compile(r"(?<![\w/.-])headworks (?P<words>[a-z]+(?: [a-z]+)?)")
_HERE = ("--config", "--url")
_URLS = ("--url", "--shadow-url")
_OF_THE_SAME = ("--shadow-url", "--shadow-on-live")


def pasteable(text: str, *, url: bool = True) -> str:
    """The text with those options behind each of our commands in it that takes them and does not say them.

    Without `url`, as a report goes where the database is nobody's business. A URL's password is left out.
    """
    if not state.named:
        return text
    found = list(_COMMAND.finditer(text))
    parts, place = [], 0
    for number, match in enumerate(found):
        rest = text[match.end("words") : found[number + 1].start() if number + 1 < len(found) else len(text)]
        words = _words(match["words"])
        end = match.start("words") + len(words)
        said = shlex.join(_needed(words, rest, url=url)) if words else ""
        parts += [text[place:end], f" {said}" if said else ""]
        place = end
    return "".join([*parts, text[place:]])


def again() -> str:
    """This command line, to be pasted with one more word."""
    said = ["headworks"]
    for word in state.words:
        name, equals, value = word.partition("=")
        if equals and name in _URLS:
            said.append(f"{name}={_without_password(value)}")
        else:
            said.append(_without_password(word) if said[-1] in _URLS else word)
    return shlex.join(said)


def _words(text: str) -> str:
    """What of these words is the name of a command, or of one in a group; empty when they are prose."""
    first, _, second = text.partition(" ")
    command = command_of(first)
    if command is None:
        return ""
    if not isinstance(command, click.Group):
        return first
    return text if second in command.commands else ""


def _needed(words: str, rest: str, *, url: bool) -> Iterator[str]:
    first, _, second = words.partition(" ")
    command = command_of(first)
    if isinstance(command, click.Group):
        command = command.commands[second]
    assert command is not None
    taken = {option for parameter in command.params for option in parameter.opts}
    names = [*_HERE, *(_OF_THE_SAME if state.words[:1] == (first,) else ())]
    for name in names:
        value = state.named.get(name)
        if value is None or name not in taken or re.search(rf"{name}\b", rest) or (name in _URLS and not url):
            continue
        yield name
        if value:
            yield _without_password(value) if name in _URLS else value


def _without_password(text: str) -> str:
    """A URL as it was typed, unless that shows a password: libpq asks $PGPASSWORD and ~/.pgpass for one."""
    from headworks.errors import HeadworksError
    from headworks.postgres.url import DatabaseUrl

    try:
        place = DatabaseUrl.parse(text)
    except HeadworksError:  # a malformed one is named by the error itself
        return "URL"
    bare = place.without_secrets()
    return text if bare == place else bare.sqlalchemy(place.driver) if place.driver else bare.libpq()
