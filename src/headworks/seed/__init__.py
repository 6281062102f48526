"""Reference data: rows kept in files, by natural key, and put into the database so that a second run writes nothing.

`load_set` reads and checks a folder of files without a connection; `plan` compares it with a database, `findings` says
the same as findings, `apply` writes, `render_sql` prints. Every error of this room is a type in
`headworks.seed.errors`.
"""

from headworks.seed.apply import apply
from headworks.seed.check import findings
from headworks.seed.errors import SeedFileError, SeedFilesError, SeedLockedError, SeedServerError
from headworks.seed.files import load_set
from headworks.seed.plan import plan
from headworks.seed.records import (
    Action,
    Mode,
    RowChange,
    SeedFile,
    SeedPlan,
    SeedResult,
    SeedRow,
    SeedSet,
    TableCount,
)
from headworks.seed.script import render_sql

__all__ = [
    "Action",
    "Mode",
    "RowChange",
    "SeedFile",
    "SeedFileError",
    "SeedFilesError",
    "SeedLockedError",
    "SeedPlan",
    "SeedResult",
    "SeedRow",
    "SeedServerError",
    "SeedSet",
    "TableCount",
    "apply",
    "findings",
    "load_set",
    "plan",
    "render_sql",
]
