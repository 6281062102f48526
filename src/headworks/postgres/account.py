"""Who the server runs as: we ourselves, or, as root (which PostgreSQL refuses), the user `nobody`.

Nothing of the system is changed for it: no account is made, no folder of anybody else is opened up.
"""

import os
import pwd
from pathlib import Path
from typing import Any

import msgspec

from headworks.postgres.errors import ServerStartFailed

__all__ = ["Account", "server_account"]


class Account(msgspec.Struct, frozen=True):
    """The user that owns a server's files and processes. `switch` is true when it is not our own."""

    uid: int
    gid: int
    switch: bool

    def popen(self) -> dict[str, Any]:
        """Keyword arguments that make `subprocess` run as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def own(self, *paths: Path) -> None:
        """Make this user the owner of `paths` (not of what is below them)."""
        if self.switch:
            for path in paths:
                os.chown(path, self.uid, self.gid)


def server_account() -> Account:
    """The account for servers that this process starts. Raises `ServerStartFailed` when root has no `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    for name in ("nobody", "postgres"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, switch=True)
    raise ServerStartFailed(reason="PostgreSQL does not run as root, and there is no user nobody or postgres")
