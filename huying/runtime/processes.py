"""The process supervisor 进程管理: starts children, waits until they are ready, restarts what crashes, stops what it started."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field

STOP_SECONDS = 10
BACK_OFF_SECONDS = (1, 2, 5, 10, 30)


@dataclass
class Child:
    """One process: what it is called, how it starts, and how often it has crashed."""

    name: str
    command: list[str]
    process: subprocess.Popen[str] | None = None
    crashes: int = 0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a session of its own, its output prefixed with its name."""
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        threading.Thread(target=self._pass_on, args=(self.process,), daemon=True).start()

    def _pass_on(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            sys.stdout.write(f"[{self.name}] {line}")
            sys.stdout.flush()

    def running(self) -> bool:
        """True while it lives."""
        return self.process is not None and self.process.poll() is None

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ask it to end; after the deadline end its whole group."""
        if self.process is None:
            return
        if self.running():
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):  # the group is ended below, whatever it is doing
                self.process.wait(seconds)
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait()


def port_free(host: str, port: int) -> bool:
    """True when nothing listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def ready(url: str) -> bool:
    """True when the address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def supervise(
    children: list[Child], *, is_ready: Callable[[], bool], on_ready: Callable[[], None], ready_seconds: float = 60
) -> int:
    """Run the children until SIGINT or SIGTERM; the exit code is 0 then, 1 when they never became ready."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    try:
        for child in children:
            child.start()
        deadline = time.monotonic() + ready_seconds
        while not stopping.is_set() and not is_ready():
            _mend(children)
            if time.monotonic() > deadline:
                sys.stderr.write("启动超时，请查看上面的输出 / not ready in time, see the output above\n")
                return 1
            stopping.wait(0.2)
        if not stopping.is_set():
            on_ready()
        while not stopping.wait(0.5):
            _mend(children)
    finally:
        for child in reversed(children):
            child.stop()
    return 0


def _mend(children: list[Child]) -> None:
    """Start again what crashed, slower each time."""
    now = time.monotonic()
    for child in children:
        if child.running():
            continue
        if child.again_at == 0.0:
            wait = BACK_OFF_SECONDS[min(child.crashes, len(BACK_OFF_SECONDS) - 1)]
            child.crashes += 1
            child.again_at = now + wait
            sys.stderr.write(f"[{child.name}] 意外退出，{wait}秒后重新启动 / ended, starts again in {wait} s\n")
        elif now >= child.again_at:
            child.again_at = 0.0
            child.start()
