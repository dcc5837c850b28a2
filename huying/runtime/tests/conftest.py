"""What the runtime's tests share: a folder that the database's user can enter, and Python children."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Spawn = Callable[..., subprocess.Popen[str]]


def wait_for(claim: Callable[[], object], seconds: float = 15) -> bool:
    """True as soon as the claim holds, False when it does not within the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if claim():
            return True
        time.sleep(0.02)
    return bool(claim())


def gone(pid: int) -> bool:
    """True when the process has ended; a zombie has, it only waits for an init that may not reap here."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder with a short name that everybody may enter; pytest's own are closed to the database's user."""
    folder = Path(tempfile.mkdtemp(prefix="hy-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def python() -> Iterator[Spawn]:
    """Start a Python program; whatever it is doing at the end of the test, it is ended."""
    started: list[subprocess.Popen[str]] = []

    def spawn(code: str, *arguments: str, **options: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", code, *arguments]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)  # type: ignore[call-overload]  # options as the caller gives them
        started.append(child)
        return child  # type: ignore[no-any-return]  # follows from the line above

    yield spawn
    for child in started:
        if child.poll() is None:
            child.kill()
        child.communicate()
