"""Python in processes of its own, to be killed, to be run as another user, or to be many."""

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from headworks.postgres.account import server_account
from headworks.postgres.folders import fast_folder

__all__ = ["ordinary_user", "processes_with", "python", "run_python", "swift_folder", "until"]


def python(script: str, *words: str, **options: Any) -> "subprocess.Popen[str]":
    """Start a script; its output goes to pipes."""
    interpreter = options.pop("interpreter", sys.executable)
    command = [interpreter, "-W", "error", "-c", textwrap.dedent(script), *words]
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": "/"} | options
    return subprocess.Popen(command, text=True, **options)


def run_python(script: str, *words: str, **options: Any) -> str:
    """Run a script that must end well: its stdout, stripped."""
    with python(script, *words, **options) as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out.strip()


def processes_with(text: str) -> list[str]:
    """The command lines, of all processes, that hold `text`."""
    listed = subprocess.run(["ps", "-axww", "-o", "command"], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if text in line]


def until(condition: Callable[[], object], seconds: float = 10.0) -> bool:
    """Whether `condition` comes true within some seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@contextlib.contextmanager
def swift_folder(mode: int = 0o755, uid: int | None = None) -> Iterator[Path]:
    """A new folder in memory, if there is some, where fsync costs nothing; it can be of another user."""
    folder = Path(tempfile.mkdtemp(prefix="hw-test-", dir=fast_folder(server_account().uid)))
    folder.chmod(mode)
    if uid is not None:
        os.chown(folder, uid, -1)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def ordinary_user(home: Path) -> dict[str, Any]:
    """Options of `python` that run it as a user who is not root, with its home in `home`."""
    variables = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")} | {"HOME": str(home)}
    if os.geteuid() != 0:
        return {"env": variables}
    entry = pwd.getpwnam("nobody")
    variables["PYTHONPATH"] = os.pathsep.join(sys.path)
    options = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "env": variables}
    version = "python{}.{}".format(*sys.version_info)
    for interpreter in (sys.executable, shutil.which(version, path="/usr/local/bin:/usr/bin")):
        if interpreter is not None:
            with contextlib.suppress(OSError):
                check = [interpreter, "-c", "import headworks.postgres.kept"]
                if subprocess.run(check, cwd="/", capture_output=True, check=False, **options).returncode == 0:
                    return options | {"interpreter": interpreter}
    pytest.skip("an ordinary user can reach neither this Python environment nor the like of it")
