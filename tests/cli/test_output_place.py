"""--output to what is no file: a pipe or a device is written to, never replaced."""

import os
import stat
import threading
from pathlib import Path

from headworks.cli.reporting import write


def test_a_pipe_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()), daemon=True)
    reader.start()
    write("what was found\n", pipe)
    reader.join(timeout=10)
    assert read == ["what was found\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_file_is_replaced_in_one_go(tmp_path: Path) -> None:
    place = tmp_path / "new" / "report.txt"
    write("first\n", place)
    before = place.stat().st_ino
    write("second\n", place)
    assert place.read_text() == "second\n"
    assert place.stat().st_ino != before
