"""A revision that fills the disk of the throw-away server, on a disk of its own that is small."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from projects import Rev, sql, table, write_project

# In a mount namespace of its own: what is mounted there goes with its last process. /dev/shm is full, so the server's
# folder is made in TMPDIR.
_SMALL = """
export TMPDIR=$(mktemp -d /tmp/headworks-small-XXXXXX); chmod 755 "$TMPDIR"
mount -t tmpfs -o size=1m tmpfs /dev/shm && mount -t tmpfs -o size=200m,mode=1777 tmpfs "$TMPDIR" || exit 99
"$@"; code=$?
echo "LEFT: $(ls -A "$TMPDIR")"; echo "RUNNING: $(pgrep -f "^[^ ]*postgres -D $TMPDIR")"
umount "$TMPDIR"; rmdir "$TMPDIR"
exit $code
"""
INSIDE = ["unshare", "--mount", "sh", "-c", _SMALL, "sh"]
TABLE = "CREATE TABLE big AS SELECT i, md5(i::text) AS t FROM generate_series(1, 5000000) AS i"


@pytest.fixture(scope="module")
def small_disk() -> None:
    """Skips where no small disk can be mounted."""
    if shutil.which("unshare") is None or shutil.which("pgrep") is None:
        pytest.skip("there is no unshare, or no pgrep: no disk of its own can be had here")
    tried = subprocess.run([*INSIDE, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"no small disk can be mounted here: {tried.stderr.strip()}")


def gate(folder: Path, checks: str = "schema") -> subprocess.CompletedProcess[str]:
    """Prove the project's revisions on a throw-away server on the small disk."""
    words = [sys.executable, "-m", "headworks", "gate", "--checks", checks, "--quiet", "--format", "json"]
    ran = subprocess.run(
        [*INSIDE, *words, "-o", "gate.json"], cwd=folder, capture_output=True, text=True, check=False, timeout=600
    )
    assert "LEFT: \n" in ran.stdout, "the server's folder is gone"
    assert "RUNNING: \n" in ran.stdout, "so is the server"
    assert "Traceback" not in ran.stderr
    return ran


def test_a_revision_that_fills_the_disk_is_found(small_disk: None, tmp_path: Path) -> None:
    """With room again once it is undone, the others are looked at."""
    leaves = Rev("c", sql("CREATE TABLE c ()"), "pass", after="a")
    write_project(tmp_path, [table("a"), Rev("b", sql(TABLE), sql("DROP TABLE big")), leaves])
    ran = gate(tmp_path)
    assert ran.returncode == 1, ran.stderr
    found = json.loads((tmp_path / "gate.json").read_text())["findings"]
    assert [(one["rule"], one["revision"]) for one in found] == [
        ("gate.upgrade-failed", "b"),
        ("gate.downgrade-differs", "c"),
    ]
    assert "No space left on device" in found[0]["message"]
    assert found[0]["hint"].startswith("the server's disk is full: free some of it, or name a server with more room")


@pytest.mark.parametrize("checks", ["schema", "data"])
def test_a_server_that_dies_of_it_is_said_with_the_revision(checks: str, small_disk: None, tmp_path: Path) -> None:
    """What cannot be written is the log of all changes, and with that PostgreSQL gives up."""
    rows = Rev("b", sql("INSERT INTO a SELECT generate_series(100, 5000000)"), "pass")
    write_project(tmp_path, [table("a"), rows, table("c", after="a")])
    ran = gate(tmp_path, checks)
    assert ran.returncode == 3
    lost = "error: the server was lost while b was walked: "
    # The server is soon there again; then it is our own next statement that finds no room.
    full = "error: the disk of the server with the scratch databases was full while b was walked: "
    assert ran.stderr.startswith((lost, full))
    assert (
        "\nhint: headworks gate --revisions b tries it alone" in ran.stderr or "\nhint: free some of it" in ran.stderr
    )
