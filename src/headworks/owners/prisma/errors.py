"""What can be wrong with a Prisma schema before it is compared with anything."""

from headworks.errors import ExitCode, HeadworksError, UsageError

__all__ = [
    "FileMissing", "FileUnreadable", "FileUnwritable", "FolderEmpty", "NamedByProgram", "NotClean", "NotPostgres",
    "PackageUnreadable", "SyntaxWrong",
]  # fmt: skip


class FileMissing(UsageError):
    """there is no Prisma schema in {file}"""

    hint = "headworks owners --prisma --schema path/to/schema.prisma"


class FolderEmpty(UsageError):
    """there is no *.prisma file in {folder}"""

    hint = "headworks owners --prisma --schema path/to/schema.prisma, or the folder that the files are in"


class NamedByProgram(UsageError):
    """there is no Prisma schema where Prisma looks by itself, and {program}, which may name one, is not read"""

    hint = (
        'it is a program; say what it says in pyproject.toml: [tool.headworks.owners] schema = "path", or with --schema'
    )


class PackageUnreadable(UsageError):
    """{file}: cannot be read: {reason}"""

    hint = "mend it, or say where the Prisma schema is with --schema or [tool.headworks.owners] schema"


class FileUnreadable(UsageError):
    """{file}: cannot be read: {reason}"""

    hint = "name a text file in UTF-8 with --schema"


class FileUnwritable(HeadworksError):
    """{file}: cannot be written: {reason}"""

    exit_code = ExitCode.FAILED
    hint = "make the file writable, or look at what differs with: headworks owners --prisma"


class NotPostgres(UsageError):
    """{file}, line {line}: the provider of the datasource is {provider}, and not postgresql"""

    hint = "name the Prisma schema of the PostgreSQL database with --schema"


class SyntaxWrong(UsageError):
    """{file}, line {line}, column {column}: {reason}"""

    hint = "mend that line; npx prisma validate says whether Prisma reads the file"


class NotClean(HeadworksError):
    """{file}: what would be written does not agree with the database, so nothing was written: {reason}"""

    hint = "mend that by hand, then: headworks owners --prisma"
