"""Differences as findings. Who has to follow whom is a matter of who owns the table."""

from headworks.findings import Finding, Severity
from headworks.owners.prisma.changes import Difference, What
from headworks.owners.prisma.compare import Owned
from headworks.owners.prisma.errors import SyntaxWrong
from headworks.owners.prisma.meaning import Problem
from headworks.owners.prisma.tree import Document

__all__ = ["finding_of", "invalid", "syntax"]


def syntax(error: SyntaxWrong) -> Finding:
    """A line that is no Prisma schema."""
    message = f"column {error.column}: {error.reason}"
    return Finding(
        rule="owners.prisma-syntax", file=error.file, line=error.line, message=message, hint="npx prisma validate"
    )


def invalid(document: Document, problem: Problem) -> Finding:
    """Something that is written well and cannot be had in PostgreSQL."""
    return Finding(
        rule="owners.prisma-invalid",
        file=document.file(problem.node),
        line=document.line(problem.node),
        actual=document.written(problem.node).partition("\n")[0],
        message=problem.reason,
    )


def finding_of(one: Difference, document: Document, owned: Owned, *, live: bool) -> Finding:
    """A difference as an error; a warning where it is of names and the like.

    Of a table of Prisma's the file says what should be, of any other one the database. A table of Prisma's that is not
    there is a note, unless it was looked for in the live database: models and migrations do not make it.
    """
    prismas = one.table is not None and owned(*one.table)
    absent = one.object.kind == "table" and one.what is What.ADDS
    expected, actual = (one.file, one.database) if prismas else (one.database, one.file)
    severity = Severity.WARNING if one.mild else Severity.ERROR
    line = document.line(one.node)
    hint = one.hint or None
    if one.should:
        hint = f"line {line} should be: {one.should}" if one.what is What.DIFFERS else f"write: {one.should}"
    if prismas:
        hint = "npx prisma migrate deploy, or npx prisma db push, makes the database what the file says"
        if one.what is What.LACKS:
            hint = "npx prisma db pull writes it into the file, npx prisma migrate dev takes it out of the database"
        severity = Severity.NOTE if absent and not live else severity
    elif one.what is What.ADDS and not one.hint:
        hint = "take it out of the file" if one.edits else _no_table_hint(one)
    return Finding(
        rule=_rule(one.what, prismas),
        severity=severity,
        object=one.object,
        attribute=one.attribute,
        expected=expected,
        actual=actual,
        file=document.file(one.node),
        line=line,
        # Reports put findings about objects under these, and say no line there.
        message=f"line {line}: {one.message}",
        hint=hint,
    )


def _no_table_hint(one: Difference) -> str:
    if one.object.kind == "table":
        return f'[tool.headworks.owners] prisma = ["{one.object.name}"], where the table is Prisma\'s'
    return "take it out of the file"


def _rule(what: What, prismas: bool) -> str:
    if what is What.DIFFERS:
        return "owners.prisma-differs"
    # Missing is what the side that decides has, and the other one has not.
    return "owners.prisma-missing" if (what is What.LACKS) != prismas else "owners.prisma-unexpected"
