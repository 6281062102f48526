"""What ends a walk before its end."""

from headworks.errors import HeadworksError

__all__ = ["DiskWasFull", "ServerLost"]


class ServerLost(HeadworksError):
    """the server was lost while {revision} was walked: {reason}"""

    hint = "headworks gate --revisions {revision} tries it alone; the server's log says what ended it"


class DiskWasFull(HeadworksError):
    """the disk of the server with the scratch databases was full while {revision} was walked: {reason}"""

    hint = "free some of it, or name a server with more room: headworks gate --shadow-url URL"
