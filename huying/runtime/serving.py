"""How each of the three processes is started 三种进程: web (WSGI), stream (ASGI, one process), worker (jobs)."""

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial

from .processes import Child, ready

# granian counts open connections, not requests: a browser keeps up to six open while nobody presses anything
WEB_CONNECTIONS = 1000
WEB_THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)  # they wait for the database most of the time
STREAM_STOP_SECONDS = 1
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


def web_command(host: str, port: int, workers: int) -> list[str]:
    """The command of the web server."""
    return [
        *_granian("wsgi", host, port), "--workers", str(workers), "--blocking-threads", str(WEB_THREADS),
        "--backpressure", str(WEB_CONNECTIONS), "--workers-kill-timeout", "8", "huying.config.wsgi:application",
    ]  # fmt: skip


def stream_command(host: str, port: int) -> list[str]:
    """The command of the event stream; its listeners never hang up, so it is always ended by force, and says nothing of it."""
    return [
        *_granian("asgi", host, port, "error"), "--workers", "1", "--backpressure", "10000",
        "--workers-kill-timeout", str(STREAM_STOP_SECONDS), "huying.config.asgi:application",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """The command of the job worker."""
    return [sys.executable, "-m", "huying", "worker"]


def _granian(interface: str, host: str, port: int, log_level: str = "warning") -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", interface, "--host", host, "--port", str(port),
        "--no-ws", "--log-level", log_level, "--respawn-failed-workers",
    ]  # fmt: skip


def address(host: str, port: int) -> str:
    """Where a server listening on host:port is reached from this machine."""
    host = ANYWHERE.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def host_name(allowed: Sequence[str], host: str) -> str:
    """A name by which the web process lets itself be asked: its own address may not be among the allowed ones."""
    named = [name.lstrip(".") for name in allowed if "*" not in name]
    plain = ANYWHERE.get(host, host)
    return plain if plain in named or not named else named[0]


def web_child(
    host: str, port: int, workers: int, *, allowed_hosts: Sequence[str], environment: Mapping[str, str]
) -> Child:
    """The web process, ready when /healthz says so: the database answers and is migrated."""
    probe = partial(ready, f"{address(host, port)}/healthz", host=host_name(allowed_hosts, host))
    return Child("web", web_command(host, port, workers), is_ready=probe, environment=environment)


def stream_child(host: str, port: int, *, environment: Mapping[str, str]) -> Child:
    """The stream process, ready when it answers at all."""
    probe = partial(ready, f"{address(host, port)}/healthz", any_answer=True)
    return Child("stream", stream_command(host, port), is_ready=probe, environment=environment)


def worker_child(*, environment: Mapping[str, str]) -> Child:
    """The worker process, ready once it lives."""
    return Child("worker", worker_command(), environment=environment)
