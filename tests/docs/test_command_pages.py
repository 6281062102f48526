"""docs/commands/: a page for each command, made from the code, with what is written by hand below."""

import re

import click
import command_pages
import pytest
from command_pages import FOLDER
from generated import END, part, settle

from headworks.cli.app import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_page(name: str) -> None:
    page = FOLDER / f"{name}.md"
    settle(page, part(page, command_pages.page(name)))


def test_contents() -> None:
    settle(FOLDER / "README.md", command_pages.contents())


def test_no_page_is_of_a_command_that_is_gone() -> None:
    assert {page.stem for page in FOLDER.glob("*.md")} == {*COMMANDS, "README"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_that_help_shows_is_in_the_page(name: str) -> None:
    """Against click's own words, so that the page's maker cannot leave one out."""
    found = command_pages.command(name)
    # With the settings of the program: click keeps the help option that it makes here for later.
    shown = found.get_help(click.Context(found, info_name=name, **found.context_settings))
    made = (FOLDER / f"{name}.md").read_text(encoding="utf-8").partition(END)[0]
    options = set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", shown, re.MULTILINE)) - {"--help"}
    assert {option for option in options if f"`{option}`" not in made} == set()
    assert options or isinstance(found, click.Group)
