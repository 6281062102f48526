"""What can be wrong with a picture in a file."""

from headworks.errors import HeadworksError

__all__ = [
    "DuplicateObject",
    "InvalidObject",
    "NewerFormat",
    "NotAPicture",
    "PictureError",
    "PictureSyntax",
    "UnknownKind",
]


class PictureError(HeadworksError):
    """{source}: cannot be read as a schema picture"""

    hint = "write it again: headworks snapshot -o {source}"


class PictureSyntax(PictureError):
    """{source}, line {line}: not JSON: {reason}"""

    hint = "a merge conflict left in the file? Write it again: headworks snapshot -o {source}"


class NotAPicture(PictureError):
    """{source}: JSON, but no schema picture: {reason}"""


class NewerFormat(PictureError):
    """{source}: format {found}, and this headworks reads up to {supported}"""

    hint = "a newer headworks wrote it: pip install --upgrade headworks"


class UnknownKind(PictureError):
    """{source}: objects of an unknown kind, {kind!r}"""

    hint = "a newer headworks may have written it: pip install --upgrade headworks"


class InvalidObject(PictureError):
    """{source}: {kind} number {number}: {reason}"""

    hint = "a newer headworks may have written it (pip install --upgrade headworks), or a hand edited it"


class DuplicateObject(PictureError):
    """{source}: {object} is there more than once"""
