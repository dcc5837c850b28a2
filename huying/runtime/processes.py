"""The process supervisor 进程管理: starts children, waits until they are ready, restarts what crashes, stops what it started.

Every child leads a process group of its own: Ctrl-C reaches only the supervisor, and what a child leaves behind is ended
with its group. Nothing is ever looked up by name.
"""

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TextIO
from urllib.parse import urlsplit

from .faults import CannotStart
from .folders import require_free_port

STOP_SECONDS = 10.0
SETTLE_SECONDS = 10.0
STEADY_SECONDS = 60.0
BACK_OFF_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
TICK_SECONDS = 0.1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def port_free(host: str, port: int) -> bool:
    """True when host:port can be listened on."""
    try:
        require_free_port(host, port)
    except CannotStart:
        return False
    return True


def ready(url: str, *, host: str = "", any_answer: bool = False) -> bool:
    """True when the address answers 200, or anything below 500 where `any_answer`; `host` is the name it is asked by."""
    parts = urlsplit(url)
    # not urllib: a proxy of the environment must not be asked about our own children
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=2)
    try:
        connection.request("GET", parts.path or "/", headers={"Host": host} if host else {})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return status == 200 or (any_answer and status < 500)


@dataclass
class Child:
    """One process: what it is called, how it starts, how it tells that it is ready, and how it has fared."""

    name: str
    command: Sequence[str]
    is_ready: Callable[[], bool] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_seconds: float = STOP_SECONDS
    process: subprocess.Popen[str] | None = field(default=None, init=False)
    was_ready: bool = field(default=False, init=False)
    crashes: int = field(default=0, init=False)
    started_at: float = field(default=0.0, init=False)
    again_at: float | None = field(default=None, init=False)

    def start(self, output: Callable[[str, str], None]) -> None:
        """Start it in a session of its own; its lines go to `output(name, line)`. Errors: CannotStart."""
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "huying.runtime.leash", str(os.getpid()), *self.command],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
                text=True, encoding="utf-8", errors="replace", bufsize=1,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **self.environment},
            )  # fmt: skip
        except OSError as fault:
            raise CannotStart(f"无法启动 {self.name}：{fault}", f"Cannot start {self.name}: {fault.strerror}") from None
        self.was_ready = False
        self.again_at = None
        self.started_at = time.monotonic()
        threading.Thread(target=self._pass_on, args=(self.process, output), daemon=True).start()

    def _pass_on(self, process: subprocess.Popen[str], output: Callable[[str, str], None]) -> None:
        for line in process.stdout or ():
            output(self.name, line)

    def running(self) -> bool:
        """True while it lives; what a dead one left in its group is ended here."""
        if self.process is None:
            return False
        if self.process.returncode is not None:
            return False
        if self.process.poll() is None:
            return True
        self._end_group()
        return False

    def look(self) -> bool:
        """True once it has been seen ready since it was last started."""
        if not self.was_ready and self.running():
            self.was_ready = self.is_ready is None or self.is_ready()
        return self.was_ready

    def stop(self, hurry: Callable[[], bool] = lambda: False) -> bool:
        """Ask it to end and wait; after its deadline, or when told to hurry, end its group. False when it had to be forced."""
        if self.process is None or not self.running():
            return True
        # a server told to stop before its workers are up may never end: let it come up first, for a while
        settled = time.monotonic() + min(SETTLE_SECONDS, self.stop_seconds)
        while self.running() and not self.look() and not hurry() and time.monotonic() < settled:
            time.sleep(TICK_SECONDS)
        if not self.running():
            return True
        self.process.terminate()
        deadline = time.monotonic() + self.stop_seconds
        while self.running() and not hurry() and time.monotonic() < deadline:
            time.sleep(TICK_SECONDS / 2)
        if not self.running():
            return True
        self._end_group()
        self.process.wait()
        return False

    def _end_group(self) -> None:
        """End whatever is left of the group that this child leads."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody left; macOS says so by EPERM
                os.killpg(self.process.pid, signal.SIGKILL)


class Supervisor:
    """Runs children until told to stop; `request_stop` may be called from any thread or signal handler."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        is_ready: Callable[[], bool] = lambda: True,
        on_ready: Callable[[], None] = lambda: None,
        ready_seconds: float = 60,
        output: TextIO | None = None,
    ) -> None:
        self.children = list(children)
        self.is_ready = is_ready
        self.on_ready = on_ready
        self.ready_seconds = ready_seconds
        self.output = output or sys.stdout
        self.width = max((len(child.name) for child in self.children), default=0)
        self._writing = threading.Lock()
        self._stops = 0

    def request_stop(self, *_: object) -> None:
        """Stop in order; asked a second time: at once."""
        self._stops += 1

    def say(self, line: str) -> None:
        """One line of the supervisor's own."""
        self._write("huying", line)

    def _write(self, name: str, line: str) -> None:
        with (
            self._writing,
            contextlib.suppress(OSError, ValueError),
        ):  # a closed terminal must not keep children running
            self.output.write(f"{name:<{self.width}} | {line.rstrip()}\n")
            self.output.flush()

    def run(self) -> int:
        """0 when stopped on request, 1 when not ready in time. Whatever happens, every child started here has ended after it."""
        try:
            for child in self.children:
                if self._stops:
                    return 0
                child.start(self._write)
            if not self._wait_until_ready():
                return 0 if self._stops else 1
            self.on_ready()
            while not self._stops:
                self._mend()
                time.sleep(TICK_SECONDS)
            return 0
        finally:
            self._stop_all()

    def _wait_until_ready(self) -> bool:
        deadline = time.monotonic() + self.ready_seconds
        while not self._stops:
            waiting = [child.name for child in self.children if not child.look()]
            if not waiting and self.is_ready():
                return True
            self._mend()
            if time.monotonic() > deadline:
                names = "、".join(waiting) or "服务"
                self.say(f"{names} 在 {self.ready_seconds:g} 秒内没有就绪，原因见上面的输出")
                self.say(f"Not ready within {self.ready_seconds:g} s, see the output above: {', '.join(waiting)}")
                return False
            time.sleep(TICK_SECONDS)
        return False

    def _mend(self) -> None:
        """Start again what ended by itself, slower each time; a long steady run is forgiven its earlier crashes."""
        now = time.monotonic()
        for child in self.children:
            if child.running():
                child.look()
                continue
            if child.again_at is None:
                if now - child.started_at > STEADY_SECONDS:
                    child.crashes = 0
                wait = BACK_OFF_SECONDS[min(child.crashes, len(BACK_OFF_SECONDS) - 1)]
                child.crashes += 1
                child.again_at = now + wait
                code = child.process.returncode if child.process else None
                self.say(f"{child.name} 意外退出（{code}），{wait:g} 秒后重新启动 / ended, starts again in {wait:g} s")
            elif now >= child.again_at:
                child.start(self._write)

    def _stop_all(self) -> None:
        for child in self.children:
            if not child.stop(hurry=lambda: self._stops > 1):
                self.say(f"{child.name} 没有按时结束，已强制结束 / did not end in time and was ended by force")


@contextlib.contextmanager
def _signals(handler: Callable[..., None]) -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP go to the handler meanwhile; outside the main thread nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.signal(number, handler)
        for number in SIGNALS
        # under nohup a closed terminal is meant to change nothing
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def supervise(
    children: Sequence[Child],
    *,
    is_ready: Callable[[], bool] = lambda: True,
    on_ready: Callable[[], None] = lambda: None,
    ready_seconds: float = 60,
    output: TextIO | None = None,
) -> int:
    """Run the children until SIGINT, SIGTERM or SIGHUP: exit code 0 then, 1 when they never became ready, 2 on CannotStart."""
    supervisor = Supervisor(children, is_ready=is_ready, on_ready=on_ready, ready_seconds=ready_seconds, output=output)
    with _signals(supervisor.request_stop):
        return supervisor.run()
