"""A page for each command, from what click knows of it and what docs/cli.md says of it."""

import inspect
import re
import sys
from collections.abc import Iterator

import click
from generated import ROOT

from headworks.cli.app import COMMANDS, program

__all__ = ["FOLDER", "contents", "page"]

FOLDER = ROOT / "docs/commands"
_CLI = ROOT / "docs/cli.md"


def contents() -> str:
    """The list of all commands."""
    rows = "".join(f"| [`{name}`]({name}.md) | {line} |\n" for name, line in COMMANDS.items())
    return (
        "# Commands\n\nA page for each command: what it does, its options, its exit codes."
        f" [The command line](../cli.md) says what holds for all of them.\n\n| command | |\n|---|---|\n{rows}"
    )


def page(name: str) -> str:
    """What is made of a command's page: usage, purpose, options and exit codes; of a group, of each of its commands."""
    found = command(name)
    text = f"# headworks {name}\n\n{_body(found, name)}"
    if said := _said(name):
        text += f"\n## What for\n\n{said}\n"
    if isinstance(found, click.Group):
        for part in found.commands.values():
            text += f"\n## {name} {part.name}\n\n{_body(part, f'{name} {part.name}', level=3)}"
    return f"{text}\n{_exits(found)}"


def command(name: str) -> click.Command:
    """As the program finds it."""
    assert isinstance(program, click.Group)
    found = program.get_command(click.Context(program), name)
    assert found is not None, name
    return found


def _body(found: click.Command, path: str, level: int = 2) -> str:
    """Its help, its usage, its options."""
    text = f"{_paragraphs(found)}\n\n```text\n{_usage(found, path)}\n```\n"
    rows = "".join(_row(one) for one in found.params if isinstance(one, click.Option) and not one.hidden)
    return text + (f"\n{'#' * level} Options\n\n| option | meaning | default |\n|---|---|---|\n{rows}" if rows else "")


def _paragraphs(found: click.Command) -> str:
    paragraphs = inspect.cleandoc(found.help or "").split("\n\n")
    return "\n\n".join(_plain(" ".join(one.split())) for one in paragraphs)


def _usage(found: click.Command, path: str) -> str:
    """Not click's own line, which is worded otherwise from one version to the next."""
    words = ["headworks", path]
    if any(isinstance(one, click.Option) for one in found.params):
        words.append("[OPTIONS]")
    words += [_argument(one) for one in found.params if isinstance(one, click.Argument)]
    return " ".join([*words, *(["COMMAND"] if isinstance(found, click.Group) else [])])


def _argument(one: click.Argument) -> str:
    name = (one.metavar or (one.name or "").upper()).removesuffix("...").strip("[]")
    return (name if one.required else f"[{name}]") + ("..." if one.nargs != 1 else "")


def _row(one: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in sorted([*one.opts, *one.secondary_opts], key=len, reverse=True))
    value = "" if one.is_flag or one.count else f" `{one.metavar or one.type.name.upper()}`"
    again = " (may be given again)" if one.multiple else ""
    return f"| {names}{value} | {_plain(one.help or '')}{again} | {_default(one)} |\n"


def _default(one: click.Option) -> str:
    """By `to_info_dict`, which says None where there is none in every version of click."""
    default = one.to_info_dict()["default"]
    if one.is_flag or default is None or default in ((), []):
        return ""
    if isinstance(default, float) and default.is_integer():
        default = int(default)
    return f"`{default}`"


def _plain(text: str) -> str:
    """What Markdown would take for markup is code."""
    text = re.sub(r"(?<![\w`])(--[a-z][\w-]*(?: [A-Z]+\b)?)(?!`)", r"`\1`", text)
    return re.sub(r"(?<!`)(\[[^\]]*\]|<[^>]*>|\w+\*)(?!`)", r"`\1`", text).replace("|", "\\|")


def _said(name: str) -> str:
    """The command's section of docs/cli.md, as it reads from a folder below."""
    section = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", _CLI.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert section, f"docs/cli.md has no section {name}"
    return re.sub(r"\]\((?!\w+:)(#)?", lambda found: "](../cli.md#" if found[1] else "](../", section[1].strip())


def _exits(found: click.Command) -> str:
    rows = "".join(f"| {code} | {meaning} |\n" for code, meaning in _codes(found))
    return f"## Exit codes\n\n| code | meaning |\n|---|---|\n{rows}"


def _codes(found: click.Command) -> Iterator[tuple[int, str]]:
    """Those of docs/cli.md; 1 where the command can end in it."""
    yield 0, "done, or clean"
    options = {name for one in found.params for name in one.opts}
    if "--strict" in options:
        yield 1, "findings: an error; with `--strict` a warning, too"
    elif "--check" in options:
        yield 1, "findings, with `--check`"
    elif _ends_in_one(found):
        yield 1, "something is wrong; what, is said"
    yield 2, "wrong usage or configuration"
    yield 3, "it could not be done: no connection, lock not had, SQL failed"
    yield 130, "interrupted"


def _ends_in_one(found: click.Command) -> bool:
    """Whether the module of the command, which has its name, says so."""
    source = inspect.getsource(sys.modules[f"headworks.cli.{found.name}"])
    return re.search(r"return 1\b|ExitCode\.FINDINGS|finish\(", source) is not None
