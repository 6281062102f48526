"""What can be wrong with a project's migrations, and what can happen while they run."""

from headworks.errors import HeadworksError, UsageError

__all__ = [
    "AlembicConfigBroken",
    "AlembicTooOld",
    "CannotForesee",
    "CannotPrint",
    "CommitFailed",
    "ConfigureBroken",
    "DatabaseElsewhere",
    "DowngradeMissing",
    "DriverMissing",
    "EnvFailed",
    "EnvSkippedMigrations",
    "EnvStatementFailed",
    "HistoryBroken",
    "LockNotHad",
    "LockTimeout",
    "NoAlembic",
    "NotPostgres",
    "PlanChanged",
    "PreloadFailed",
    "RevisionFailed",
    "RevisionFileBroken",
    "ScriptsMissing",
    "ScriptsUnreachable",
    "SeveralHeads",
    "StampRefused",
    "TargetRefused",
    "UnknownDomain",
    "UnknownRevision",
    "UnknownRow",
    "VersionTableUnreadable",
    "WouldLoseData",
]


class NoAlembic(UsageError):
    """no alembic.ini and no [tool.alembic] in {folder}"""

    hint = (
        'name the file in pyproject.toml: [tool.headworks] alembic = "path/alembic.ini", or start with `headworks init`'
    )


class AlembicConfigBroken(UsageError):
    """{file}: {reason}"""

    hint = "mend that file; `alembic heads` says the same of it"


class AlembicTooOld(UsageError):
    """{file}: [tool.alembic] needs Alembic 1.16, and {version} is installed"""

    hint = "pip install -U alembic, or write an alembic.ini"


class ScriptsMissing(UsageError):
    """{file}: {reason}"""

    hint = "script_location must name the folder that holds env.py and versions/"


class ScriptsUnreachable(UsageError):
    """{file}: script_location names a package whose import ended with {reason}"""

    hint = "install what it lacks; `alembic heads` says the same of it"


class HistoryBroken(UsageError):
    """the revisions do not form a history: {reason}"""

    hint = "headworks history shows the graph; compare down_revision and depends_on of the revisions named"


class RevisionFileBroken(UsageError):
    """{file}, line {line}: the revision cannot be loaded: {reason}"""

    hint = "{advice_text}"


class EnvFailed(UsageError):
    """{file}, line {line}: env.py ended with {reason}"""

    hint = "{advice_text}"


class CannotPrint(UsageError):
    """env.py has no offline mode, in which SQL is printed and nothing connects: {reason}"""

    hint = "let env.py do what Alembic's own does if context.is_offline_mode(); {instead}"


class EnvStatementFailed(HeadworksError):
    """{file}, line {line}: outside of any revision a statement failed: {reason}"""

    hint = "{advice_text}"


class PreloadFailed(UsageError):
    """[tool.headworks] preload names {module!r}, whose import ended with {reason}"""

    hint = "correct the name, or install what brings it"


class ConfigureBroken(UsageError):
    """[tool.headworks] configure = {name!r}: {reason}"""

    hint = 'name a function as "module:function"; it gets the alembic.config.Config that env.py will find'


class EnvSkippedMigrations(UsageError):
    """{file}: env.py ran, but never called context.run_migrations()"""

    hint = "it must call context.configure(...) and context.run_migrations(), as Alembic's template does"


class NotPostgres(UsageError):
    """{file}: env.py connected to {dialect}, and headworks works on PostgreSQL alone"""

    hint = "let env.py take its URL from config.get_main_option('sqlalchemy.url') or name its variable in url_env"


class DatabaseElsewhere(UsageError):
    """{file}: env.py connected to {actual} and not to {wanted}; nothing was run"""

    hint = (
        "env.py takes its URL from somewhere else: name the variable it reads in pyproject.toml, "
        '[tool.headworks] url_env = ["APP_DB_URL"]; or set what it reads with configure = "module:function"'
    )


class DriverMissing(UsageError):
    """the driver {driver} is not installed, and the project's URL asks for it"""

    hint = 'pip install {package}, or name another one: [tool.headworks] driver = "psycopg"'


class UnknownDomain(UsageError):
    """there is no domain {domain!r}; the domains are {known}"""

    hint = "headworks status lists the domains"


class UnknownRevision(UsageError):
    """there is no revision {target!r} in {folder}"""

    hint = "headworks history lists the revisions"


class TargetRefused(UsageError):
    """cannot {direction} to {target!r}: {reason}"""

    hint = "headworks history shows where the database is and what lies above and below"


class SeveralHeads(UsageError):
    """domain {domain!r} has {count} heads: {heads}"""

    hint = 'headworks merge --domain {domain} -m "merge heads"'


class UnknownRow(HeadworksError):
    """the database says that it is at revision {row!r}, which is not in {folder}"""

    hint = "check out the code that has this revision, or see `headworks history` for the ones that are here"


class VersionTableUnreadable(HeadworksError):
    """role {role} may not read {table}, so which revisions the database has run is not known"""

    hint = "{advice_text}"


class RevisionFailed(HeadworksError):
    """{file}, line {line}: {direction} of {revision} failed: {reason}"""

    hint = "{advice_text}"


class CommitFailed(HeadworksError):
    """the transaction of {first} to {last} could not be committed: {reason}"""

    hint = "one of them leaves what a deferred constraint refuses: headworks gate names it"


class DowngradeMissing(HeadworksError):
    """{file}: revision {revision} has no {direction}()"""

    hint = "write def {direction}() in that file"


class LockTimeout(HeadworksError):
    """{revision} did not get its lock within {seconds:g} s, {tries} times: {reason}"""

    hint = "see who holds it: SELECT * FROM pg_locks WHERE NOT granted; or wait longer with --lock-timeout SECONDS"


class LockNotHad(HeadworksError):
    """another headworks works on this database, and has not ended within {seconds:g} s{holder}"""

    hint = "wait for it, or wait longer with --wait SECONDS"


class WouldLoseData(UsageError):
    """this downgrade would lose {losses}"""

    hint = "{again} --allow-data-loss"


class CannotForesee(HeadworksError):
    """what this downgrade would lose cannot be seen, as it does not run on a shadow copy: {reason}"""

    hint = "mend that downgrade; where it is only the copy that it does not run on: {again} --allow-data-loss"


class PlanChanged(HeadworksError):
    """another runner has meanwhile run {revisions}, which this downgrade would undo too; nothing was done"""

    hint = "run it again to see the new plan"


class StampRefused(HeadworksError):
    """the database does not look like {target}: {count} differences, the first: {first}"""

    hint = "{again} --force"
