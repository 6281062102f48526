"""The commands by name; each is imported when it is asked for."""

import importlib

import click

__all__ = ["COMMANDS", "command_of"]

COMMANDS = {
    "quickstart": "A database made, migrated, seeded, checked, gated and drawn, in one go.",
    "init": "Write the configuration for the project found here, or start a small one.",
    "status": "Per domain: where the database is, the head, what is pending.",
    "history": "The revision graph by domain, with current and heads marked.",
    "revision": "Add a revision to a domain.",
    "merge": "Add the revision that merges two heads of a domain.",
    "stamp": "Write the version rows of a revision without running anything.",
    "upgrade": "Run the pending revisions.",
    "downgrade": "Undo revisions down to a target.",
    "gate": "Prove every revision by running it: up, down, up again.",
    "sizes": "Rows and bytes of the live tables, for gate --sizes.",
    "drift": "Compare a database with the models, the migrations, a file or another database.",
    "lint": "Hold the schema to standards: names, keys, indexes, types.",
    "snapshot": "Write the schema as a JSON file that diffs well.",
    "seed": "Bring reference data to what the seed files say.",
    "erd": "Draw the entity-relationship diagram.",
    "owners": "Who owns each table, and where a Prisma schema and the database disagree.",
    "db": "The embedded server, by hand.",
    "doctor": "Versions, configuration, server, permissions: what is wrong and how to mend it.",
}
"""Every command and its line in `headworks --help`: known here, so that help need not import them."""


def command_of(name: str) -> click.Command | None:
    """The command of this name; `None` when there is none."""
    if name not in COMMANDS:
        return None
    command: click.Command = getattr(importlib.import_module(f"headworks.cli.{name}"), name)
    return command
