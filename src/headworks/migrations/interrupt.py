"""Ctrl-C while psycopg2 waits for the server: it waits in C, where Python does not look at signals.

The kernel's signal is seen at once all the same: Python writes a byte to its wake-up file, a thread reads it and has
the server cancel the statement. psycopg2 returns, and Python raises the KeyboardInterrupt that was waiting.
"""

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Iterator

from headworks.errors import ExitCode, HeadworksError
from headworks.migrations.limit import heeded
from headworks.postgres.connect import connect
from headworks.postgres.databases import SCRATCH
from headworks.postgres.url import DatabaseUrl

__all__ = ["cancelled_by_interrupt"]

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_CANCEL_ALL = """
SELECT pg_cancel_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'
"""


@contextlib.contextmanager
def cancelled_by_interrupt(url: DatabaseUrl, backend: int) -> Iterator[None]:
    """For the `with` block, SIGINT also ends the statement that the server process `backend` is at.

    So do SIGTERM and SIGHUP, where the program takes them for the same; a second one of these ends the process. In a
    scratch database all statements are ended.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    watcher = threading.Thread(target=_watch, args=(reader, url, backend), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        writer.close()
        watcher.join()
        reader.close()


def _watch(reader: socket.socket, url: DatabaseUrl, backend: int) -> None:
    ended = 0
    while word := reader.recv(1):
        if word[0] not in _ENDING or (word[0] == signal.SIGINT and not heeded()):
            continue
        ended += word[0] != signal.SIGINT
        if ended > 1:  # said twice: what it waits for is none of what we can end
            os._exit(ExitCode.INTERRUPTED)
        with contextlib.suppress(HeadworksError), connect(url) as connection:
            if url.database.startswith(SCRATCH):  # all that run there are the revision's, on connections of its own too
                connection.execute(_CANCEL_ALL)
            else:
                connection.execute("SELECT pg_cancel_backend(%s)", [backend])
