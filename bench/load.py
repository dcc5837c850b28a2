"""HTTP load on loopback: 8 keep-alive connections, bounded in count; what the server's processes used of the CPU."""

import http.client
import json
import socket
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONNECTIONS = 8
TICKS = 100  # per second, of /proc/PID/stat


@dataclass(frozen=True, slots=True)
class Target:
    """A running server: its port, its first process, and who is signed in."""

    port: int
    pid: int
    tokens: dict[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """What one kind of request cost; times in ms, CPU of all the server's processes per request."""

    requests: int
    per_second: float
    p50: float
    p95: float
    p99: float
    cpu: float


def free_port() -> int:
    """A loopback port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of processes, in seconds."""
    total = 0
    for pid in pids:
        parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(parts[11]) + int(parts[12])
    return total / TICKS


def descendants(pid: int) -> list[int]:
    """A process and everything below it."""
    found = [pid]
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # ended meanwhile
        if int(parts[1]) == pid:
            found += descendants(int(stat.parent.name))
    return found


def call(connection: http.client.HTTPConnection, token: str, method: str, path: str, body: Any = None) -> Any:
    """One request; its JSON."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    connection.request(method, path, json.dumps(body).encode() if body is not None else None, headers)
    answer = connection.getresponse()
    raw = answer.read()
    if answer.status >= 400:
        raise RuntimeError(f"{method} {path.split('?')[0]}: {answer.status} {raw[:300].decode()}")
    return json.loads(raw) if raw else None


def sign_in(port: int, name: str, password: str) -> str:
    """The bearer token of an account."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    return str(call(connection, "", "POST", "/api/v1/sessions", {"username": name, "password": password})["token"])


def lines(target: Target, who: str, path: str) -> int:
    """How many lines an answer has; an order is one."""
    answer = call(http.client.HTTPConnection("127.0.0.1", target.port, timeout=60), target.tokens[who], "GET", path)
    items = answer.get("items", [answer]) if isinstance(answer, dict) else answer
    return len(items)


def measure(
    target: Target, who: str, count: int, make: Callable[[int], tuple[str, str, Any]], *, warm: int = 40
) -> Figures:
    """Send `count` requests over 8 connections after a warm-up of both server processes."""
    token = target.tokens[who]
    for index in range(warm):
        connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)
        call(connection, token, *make(-index - 1))
        connection.close()
    taken: list[float] = []
    numbers = iter(range(count))
    lock = threading.Lock()
    faults: list[BaseException] = []

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)
        try:
            while True:
                with lock:
                    index = next(numbers, None)
                    if index is None:
                        return
                    request = make(index)
                began = time.perf_counter()
                call(connection, token, *request)
                taken.append((time.perf_counter() - began) * 1000)
        except Exception as fault:
            faults.append(fault)  # raised below, in the caller's thread

    pids = descendants(target.pid)
    cpu, began = cpu_seconds(pids), time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if faults:
        raise faults[0]
    used = cpu_seconds(pids) - cpu
    cuts = statistics.quantiles(taken, n=100)
    return Figures(count, count / seconds, statistics.median(taken), cuts[94], cuts[98], used * 1000 / count)
