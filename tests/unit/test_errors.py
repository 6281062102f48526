"""Errors are records: every one can be said, in one line, with its fields."""

import importlib
import pkgutil
import string
from collections.abc import Iterator

import pytest

import headworks
from headworks.errors import ExitCode, HeadworksError, UsageError


def every_error() -> Iterator[type[HeadworksError]]:
    for module in pkgutil.walk_packages(headworks.__path__, "headworks."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    todo = [HeadworksError]
    while todo:
        one = todo.pop()
        todo += one.__subclasses__()
        if one.__module__.startswith("headworks.") and one not in (HeadworksError, UsageError):
            yield one


class Anything:
    """Stands for any field, whatever is done with it in a template."""

    def __format__(self, spec: str) -> str:
        return "1"

    def __repr__(self) -> str:
        return "'1'"


@pytest.mark.parametrize("error", sorted(every_error(), key=lambda one: (one.__module__, one.__name__)))
def test_every_error_can_be_said(error: type[HeadworksError]) -> None:
    templates = [error.__doc__ or "", error.hint]
    names = {name.partition(".")[0] for text in templates for _, name, _, _ in string.Formatter().parse(text) if name}
    made = HeadworksError.__new__(error)  # some gather their fields themselves
    HeadworksError.__init__(made, **dict.fromkeys(names, Anything()))
    assert str(made)
    assert "\n" not in f"{made}{made.advice}"
    assert made.exit_code in set(ExitCode) - {ExitCode.DONE}


def test_fields() -> None:
    error = UsageError(message="a\n  b", number=3)
    assert (error.number, str(error), error.advice, error.exit_code) == (3, "a b", "", 2)
    with pytest.raises(AttributeError):
        _ = error.nothing
