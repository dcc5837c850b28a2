"""The supervisor over tiny children: readiness, restarts, stopping, and what is left when it is killed outright."""

import io
import os
import re
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from huying.runtime import keeper, postgres
from huying.runtime.faults import CannotStart
from huying.runtime.folders import require_free_port
from huying.runtime.postgres import Server
from huying.runtime.processes import Child, Supervisor, port_free

from .conftest import Spawn, gone, wait_for

SLEEP = "import time; time.sleep(60)"
SUPERVISOR = """
import sys
from huying.runtime.processes import Child, supervise
code = "import os, time; open(%r, 'w').write(str(os.getpid())); time.sleep(60)" % sys.argv[1]
children = [Child("one", [sys.executable, "-c", code])]
sys.exit(supervise(children, on_ready=lambda: print("ready", flush=True)))
"""


def noting(file: Path, rest: str = "time.sleep(60)") -> list[str]:
    """A command that notes its pid and goes on."""
    return [sys.executable, "-c", f"import os, signal, subprocess, sys, time; open({str(file)!r}, 'w').write(str(os.getpid())); {rest}"]  # fmt: skip


def pid_in(file: Path) -> int:
    assert wait_for(lambda: file.exists() and file.read_text())
    return int(file.read_text())


class Running:
    """A supervisor at work in a thread."""

    def __init__(self, *children: Child, **options: object) -> None:
        self.output = io.StringIO()
        self.up = threading.Event()
        self.code: int | None = None
        self.supervisor = Supervisor(children, on_ready=self.up.set, output=self.output, **options)  # type: ignore[arg-type]  # as the tests give them
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        self.code = self.supervisor.run()

    def stop(self) -> int | None:
        self.supervisor.request_stop()
        self.thread.join(30)
        return self.code


@pytest.fixture
def running() -> Iterator[Callable[..., Running]]:
    """Start supervisors; all are stopped at the end of the test."""
    made: list[Running] = []

    def run(*children: Child, **options: object) -> Running:
        made.append(Running(*children, **options))
        return made[-1]

    yield run
    for item in made:
        item.stop()


def test_ready_when_every_child_says_so_and_stopped_on_request(running: Callable[..., Running]) -> None:
    mark = threading.Event()
    child = Child("one", [sys.executable, "-c", SLEEP], is_ready=mark.is_set)
    here = running(child)
    assert wait_for(child.running)
    assert not here.up.is_set()
    mark.set()
    assert here.up.wait(15)
    assert here.stop() == 0
    assert not child.running()


def test_what_is_killed_starts_again(running: Callable[..., Running], tmp_path: Path) -> None:
    note = tmp_path / "pid"
    child = Child("one", noting(note))
    here = running(child)
    first = pid_in(note)
    assert here.up.wait(15)
    note.unlink()
    os.kill(first, signal.SIGKILL)
    assert pid_in(note) != first
    assert "意外退出" in here.output.getvalue()


def test_a_child_that_dies_with_grandchildren_leaves_none(running: Callable[..., Running], tmp_path: Path) -> None:
    note, below = tmp_path / "pid", tmp_path / "below"
    grandchild = f"p = subprocess.Popen([sys.executable, '-c', {SLEEP!r}]); open({str(below)!r}, 'w').write(str(p.pid)); time.sleep(60)"
    running(Child("one", noting(note, grandchild)))
    old = pid_in(below)
    os.kill(pid_in(note), signal.SIGKILL)
    assert wait_for(lambda: gone(old))


def test_never_ready_is_said_by_name_and_ends_everything(running: Callable[..., Running]) -> None:
    child = Child("lazy", [sys.executable, "-c", SLEEP], is_ready=lambda: False, stop_seconds=0.2)
    here = running(child, ready_seconds=0.3)
    here.thread.join(30)
    assert here.code == 1
    assert "lazy 在 0.3 秒内没有就绪" in here.output.getvalue()
    assert not child.running()


def test_a_child_that_ignores_terminate_is_ended_with_its_group(
    running: Callable[..., Running], tmp_path: Path
) -> None:
    note = tmp_path / "pid"
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    child = Child("stubborn", noting(note, deaf), stop_seconds=0.3)
    here = running(child)
    assert wait_for(lambda: "deaf" in here.output.getvalue())
    assert here.stop() == 0
    assert gone(pid_in(note))
    assert "强制结束" in here.output.getvalue()


def test_a_second_request_to_stop_does_not_wait(running: Callable[..., Running], tmp_path: Path) -> None:
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    child = Child("stubborn", noting(tmp_path / "pid", deaf), stop_seconds=3600)
    here = running(child)
    assert wait_for(lambda: "deaf" in here.output.getvalue())
    here.supervisor.request_stop()
    assert here.stop() == 0  # within the 30 s that stop() waits, and not after an hour


def test_a_command_that_does_not_exist_is_said_and_tried_again(running: Callable[..., Running]) -> None:
    here = running(Child("absent", ["/nowhere/to/be/found"]))
    assert wait_for(lambda: "No such file" in here.output.getvalue())
    assert wait_for(lambda: "absent 意外退出" in here.output.getvalue())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_stop_it_in_order(python: Spawn, tmp_path: Path, number: signal.Signals) -> None:
    note = tmp_path / "pid"
    parent = python(SUPERVISOR, str(note))
    assert parent.stdout
    assert parent.stdout.readline().strip() == "ready"
    child = pid_in(note)
    parent.send_signal(number)
    assert parent.wait(30) == 0
    assert gone(child)


def test_children_of_a_supervisor_killed_outright_end_by_their_leash(python: Spawn, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    parent = python(SUPERVISOR, str(note))
    child = pid_in(note)
    parent.kill()
    assert wait_for(lambda: gone(child))


def test_the_keeper_starts_the_database_again_and_stops_it_when_it_is_the_last(open_folder: Path) -> None:
    server = Server(open_folder / "home")
    stop = threading.Event()
    keeping = threading.Thread(target=keeper.keep, args=(server, stop))
    keeping.start()
    try:
        assert wait_for(server.users.living, 60)  # it has come up, and is being kept
        first = server.running_pid()
        assert first
        os.kill(first, signal.SIGKILL)
        assert wait_for(lambda: server.running_pid() not in (first, None), 60)
    finally:
        stop.set()
        keeping.join(60)
    assert server.running_pid() is None


def test_an_interrupt_while_the_database_starts_leaves_none_running(python: Spawn, open_folder: Path) -> None:
    home = open_folder / "home"
    starting = python(
        "import sys; from pathlib import Path; from huying.runtime import postgres; postgres.database_url(Path(sys.argv[1]), fsync=False)",
        str(home),
    )
    server = Server(home)
    assert wait_for(server.running_pid, 60)
    starting.send_signal(signal.SIGINT)
    starting.wait(60)
    assert server.running_pid() is None
    assert not postgres.is_running(home)


def test_a_server_without_a_socket_keeps_its_port(open_folder: Path) -> None:
    server = Server(open_folder / ("长" * 40))
    assert not server.by_socket
    server.join(fsync=False)
    before = re.search(r":(\d+)/", server.url())
    pid = server.running_pid()
    assert before
    assert pid
    os.kill(pid, signal.SIGKILL)
    assert wait_for(lambda: gone(pid))
    server.join(fsync=False)
    assert f":{before[1]}/" in server.url()
    server.leave()


def test_a_busy_port_is_seen() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not port_free("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(CannotStart, match="HUYING_HOST"):
        require_free_port("no-such-host.invalid", 8000)
