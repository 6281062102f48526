"""What each rule means and what to do about it: for reports that are read far from the docs."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from headworks.findings import Severity

__all__ = ["DOCS", "RULES", "Rule", "page_of", "rule"]

DOCS = "https://github.com/headworks/headworks/blob/main/docs"


class Rule(NamedTuple):
    """`meaning` is one sentence; `advice` says what to do; `severity` is what it has unless somebody says otherwise."""

    meaning: str
    advice: str
    severity: Severity = Severity.ERROR


_SHADOW = "Install the live server's major on this machine, or use --shadow-url or --shadow-on-live."
_PUT_BACK = "Make downgrade() restore what was there before the upgrade, or drop what the upgrade made."

_FOLLOW = "headworks owners --prisma --write for tables of the migrations, npx prisma migrate for Prisma's own."

RULES = {
    "drift.missing": Rule(
        "Something that is expected is not in the database.",
        "Run the revision that makes it, make it by hand as it should be, or take it out of what is expected.",
    ),
    "drift.unexpected": Rule(
        "Something is in the database that is not expected.",
        "Drop it, write a revision that makes it, or leave it alone with [tool.headworks.drift] ignore.",
    ),
    "drift.changed": Rule(
        "An object has another property in the database than is expected.",
        "Alter it back, or write the change down in a revision, so that other databases get it, too.",
    ),
    "drift.orm": Rule(
        "The ORM would map the live schema otherwise than the models do.",
        "Bring the models or the database up to the other; headworks drift without --quick says what differs.",
    ),
    "drift.pending": Rule(
        "The database has not run all revisions.", "Run headworks upgrade; this alone is no drift.", Severity.NOTE
    ),
    "drift.unclaimed": Rule(
        "The database has tables of the project and no version row.",
        "Stamp the revision that it is at, where the note names one; else compare it with drift --against migrations.",
        Severity.NOTE,
    ),
    "drift.migrations": Rule(
        "The migrations could not be run on a scratch database, so the models alone were compared.",
        "headworks gate says which revision fails and why.",
        Severity.WARNING,
    ),
    "drift.unseen": Rule(
        "Part of the catalog could not be read by this role.",
        "Grant what the finding names, or connect as a role that may read it.",
        Severity.WARNING,
    ),
    "drift.ignore-unused": Rule(
        "A pattern of [tool.headworks.drift] ignore matches nothing.", "Take it out, or correct it.", Severity.WARNING
    ),
    "drift.shadow": Rule("The shadow is of another major than the live server.", _SHADOW, Severity.NOTE),
    "gate.upgrade-failed": Rule(
        "The upgrade of a revision raises, alone or in one go with those before it.",
        "headworks gate --revisions ID runs it again by itself.",
    ),
    "gate.downgrade-failed": Rule("The downgrade of a revision raises.", "Correct downgrade() and run the gate again."),
    "gate.downgrade-differs": Rule("The downgrade does not restore what was there before the upgrade.", _PUT_BACK),
    "gate.no-downgrade": Rule(
        "A revision has no downgrade, or one that raises on purpose.",
        "Write one, or accept it in the file: # headworks: allow gate.no-downgrade - the reason",
    ),
    "gate.reupgrade-differs": Rule(
        "The second upgrade, after a downgrade, fails or makes something else than the first one.", _PUT_BACK
    ),
    "gate.dependency": Rule(
        "A domain needs a revision that it does not depend on.", "Name that revision in depends_on."
    ),
    "gate.heads": Rule("A domain has several heads.", "headworks merge writes the revision that joins them."),
    "gate.models-differ": Rule(
        "The models are not what the migrations make.", "headworks revision --autogenerate writes what is missing."
    ),
    "gate.data-lost": Rule(
        "Rows or values that were there before the upgrade are gone or changed after its downgrade.",
        "Keep them, or accept it in the file: # headworks: allow gate.data-lost - the reason",
    ),
    "gate.upgrade-fails-on-data": Rule(
        "The upgrade of a revision runs on empty tables, and fails where there are rows.",
        "Bring the rows into the new form first, as the finding says.",
    ),
    "gate.downgrade-fails-on-data": Rule(
        "The downgrade of a revision runs on empty tables, and fails where there are rows.",
        "Bring the rows into the old form first, as the finding says.",
    ),
    "gate.unfilled": Rule(
        "No rows could be made for a table, so nothing is known of what revisions do to its data.",
        "The finding says what refused them.",
        Severity.NOTE,
    ),
    "gate.incompatible": Rule(
        "The release before cannot read or write its tables once the new revisions have run.",
        "Split it in two: what is new in this release, what takes away in the next, when no old code runs.",
    ),
    "gate.history-changed": Rule(
        "A merged revision was edited or removed, or a new one was put below it: databases that have run it differ.",
        "Take the change back and write a new revision; headworks history --write-manifest records what is merged.",
    ),
    "gate.naming": Rule(
        "A revision's id, file name, docstring or owner is not as [tool.headworks.policy] says.",
        "Change it as the finding says, or accept it in the file: # headworks: allow gate.naming - the reason",
    ),
    "gate.trespass": Rule(
        "A revision changes a table, or writes rows of one, that is another program's or another domain's.",
        "Leave it to its owner, or accept it in the file: # headworks: allow gate.trespass - the reason",
    ),
    "gate.observed-lock": Rule(
        "A lock that blocks the application is held while a later statement of its transaction reads a whole table.",
        "Give that statement a revision, and so a transaction, of its own.",
        Severity.WARNING,
    ),
    "gate.table-rewrite": Rule(
        "A statement writes every row of a table anew, under a lock that blocks the application.",
        "Go the way of the finding's hint, or accept it: # headworks: allow gate.table-rewrite - the reason",
        Severity.WARNING,
    ),
    "gate.full-scan": Rule(
        "A statement reads every row of a table, under a lock that blocks the application.",
        "Go the way of the finding's hint, or accept it in the file: # headworks: allow gate.full-scan - the reason",
        Severity.WARNING,
    ),
    "gate.unused-allowance": Rule(
        "An allowance in a revision's file no longer hides anything.", "Remove the comment.", Severity.WARNING
    ),
    "gate.no-reason": Rule(
        "An allowance in a revision's file gives no reason.",
        "Say in the comment why the finding is accepted: # headworks: allow RULE - the reason",
        Severity.WARNING,
    ),
    "gate.shadow": Rule("The shadow is of another major than the live server.", _SHADOW, Severity.NOTE),
    "seed.missing-row": Rule("A row of a seed file is not in the database.", "headworks seed writes it."),
    "seed.changed-row": Rule("A row of a seed file has other values in the database.", "headworks seed writes it."),
    "seed.extra-row": Rule(
        "A row is in the database that has left its seed file.", "headworks seed --prune removes it."
    ),
    "status.pending": Rule("A domain has revisions that the database has not run.", "headworks upgrade runs them."),
    "erd.out-of-date": Rule(
        "The diagram in the file is not what would be drawn now.", "Run the command of the finding and commit the file."
    ),
    "owners.unowned": Rule(
        "Nobody owns a table: neither a model nor a revision knows it, and no list of the manifest names it.",
        "Name it in one of the lists of [tool.headworks.owners].",
    ),
    "owners.several": Rule(
        "A table has several owners or domains.", "Take it out of all lists of [tool.headworks.owners] but one."
    ),
    "owners.filter": Rule(
        "env.py shows Alembic a table of others, or keeps one of its own from it.",
        "Use headworks.owners.filters in env.py, which reads the manifest.",
    ),
    "owners.codeowners": Rule(
        "CODEOWNERS does not name, for the revisions of a domain, whom the manifest names.",
        "Add the line that the finding shows, or correct [tool.headworks.owners.domains].",
    ),
    "owners.missing": Rule(
        "The manifest names a domain or a table that is not there.", "Take the name out, or correct it."
    ),
    "owners.migrations": Rule(
        "The migrations could not be run on a scratch database, so their tables are unknown.",
        "headworks gate says which revision fails and why.",
        Severity.WARNING,
    ),
    "owners.out-of-date": Rule(
        "A generated file is not what would be written now.", "Run the command of the finding and commit the file."
    ),
    "owners.prisma-missing": Rule(
        "Whoever does not own the table lacks what its owner has: the Prisma schema, or the database.", _FOLLOW
    ),
    "owners.prisma-unexpected": Rule(
        "Whoever does not own the table has what its owner lacks: the Prisma schema, or the database.", _FOLLOW
    ),
    "owners.prisma-differs": Rule("The Prisma schema and the database say two things of one object.", _FOLLOW),
    "owners.prisma-invalid": Rule(
        "A line of the Prisma schema is something that PostgreSQL cannot have.", "Correct the line."
    ),
    "owners.prisma-syntax": Rule("A line of the Prisma schema cannot be read.", "npx prisma validate says the same."),
}


def rule(name: str, details: Mapping[str, Any] | None = None) -> Rule:
    """The rule of this name; of one that is not known, as much as its name says.

    An outcome says in `details["rules"]` what rules that are not listed here mean: those of lint are each in a module.
    """
    room, _, words = name.partition(".")
    if said := ((details or {}).get("rules") or {}).get(name):
        return Rule(said["meaning"], said["advice"], Severity(said["severity"]))
    return RULES.get(name) or Rule(f"{room}: {words.replace('-', ' ')}", f"See {page_of(name)}")


_OF_LINT_ITSELF = frozenset({"not-printed", "not-realised", "unused-allowance", "unused-ignore"})
"""What lint says of its own run has no page of its own."""


def page_of(name: str) -> str:
    """Where the docs explain the rule."""
    room = name.partition(".")[0]
    if room == "lint":
        rule = name.partition(".")[2]
        return f"{DOCS}/lint.md" if rule in _OF_LINT_ITSELF or rule.startswith("squawk-") else f"{DOCS}/lint/{rule}.md"
    if name.startswith("owners.prisma-"):
        return f"{DOCS}/prisma.md"
    page = {"drift": "drift", "gate": "gate", "seed": "seeds", "erd": "erd", "owners": "owners"}.get(room, "cli")
    return f"{DOCS}/{page}.md"
