"""The supervisor over tiny children."""

import os
import socket
import sys
import time
from pathlib import Path

from huying.runtime.processes import Child, port_free


def wait_for(claim: object, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if claim():  # type: ignore[operator]  # a callable
            return True
        time.sleep(0.02)
    return False


def test_a_child_that_ignores_terminate_is_ended_with_its_group(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import os,signal,subprocess,sys,time;signal.signal(signal.SIGTERM,signal.SIG_IGN);"
        "p=subprocess.Popen([sys.executable,'-c','import time;time.sleep(60)']);"
        f"open({str(note)!r},'w').write(str(p.pid));time.sleep(60)"
    )
    child = Child("stubborn", [sys.executable, "-c", code])
    child.start()
    assert wait_for(lambda: note.exists() and note.read_text())
    grandchild = int(note.read_text())
    child.stop(seconds=0.3)
    assert not child.running()

    def gone() -> bool:
        try:
            os.kill(grandchild, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{grandchild}/stat")  # a zombie waits for init, which may not reap here
        return status.exists() and status.read_text().split()[2] == "Z"

    assert wait_for(gone)


def test_a_busy_port_is_seen() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not port_free("127.0.0.1", taken.getsockname()[1])
