"""The two targets with every table on them: `commerce.metadata:auth` and `commerce.metadata:core`.

`auth.create_all` comes first: tables of `core` refer to `users`.
"""

import commerce.models  # noqa: F401 - registers every table, and the functions and triggers, on the targets
from commerce.base import NAMING_CONVENTION, auth, core

__all__ = ["NAMING_CONVENTION", "auth", "core"]
