"""What the fault tests share: real processes on free ports, ended afterwards whatever happened, and a burst of requests."""

import hashlib
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from huying.kernel import clock as kernel_clock
from huying.people.models import ApiToken, Staff
from huying.people.queries import TOKEN_LIFE
from huying.runtime.tests.conftest import wait_for

SECONDS = 60
Start = Callable[..., subprocess.Popen[bytes]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def address_of(settings: Mapping[str, Any]) -> str:
    """The address of the database that Django works on."""
    user, name = quote(settings["USER"]), quote(settings["NAME"])
    return f"postgresql://{user}@/{name}?host={quote(settings['HOST'], safe='/')}"


def below(pid: int) -> list[int]:
    """The processes that this one started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a command in a group of its own, with the settings of a demo on the given database."""
    started: list[subprocess.Popen[bytes]] = []

    def run(command: Sequence[str], **variables: str) -> subprocess.Popen[bytes]:
        own = {name: text for name, text in os.environ.items() if not name.startswith("HUYING_")}
        # the keys of this run, or nobody could read what the tests wrote
        own |= {
            "HUYING_MODE": "demo",
            "HUYING_HOME": os.environ["HUYING_HOME"],
            "HUYING_LOG_LEVEL": "ERROR",
            **variables,
        }
        started.append(subprocess.Popen(command, env=own, start_new_session=True, stdin=subprocess.DEVNULL))
        return started[-1]

    yield run
    for process in started:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        finally:
            process.wait(SECONDS)


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """(status, JSON) of a request. Errors: OSError, http.client.HTTPException when nobody answers."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        wire.request(
            method,
            path,
            json.dumps(body) if body is not None else None,
            {"Content-Type": "application/json", **headers},
        )
        answer = wire.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content else None
    finally:
        wire.close()


def answers(port: int) -> bool:
    """True when the readiness page says yes."""
    try:
        return ask(port, "GET", "/healthz")[0] == 200
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        return False


@dataclass
class Burst:
    """Registrations from several clients at once, each under an idempotency key of its own."""

    port: int
    word: str
    count: int
    token: str
    accepted: dict[str, str] = field(default_factory=dict)

    def register(self, place: int) -> str | None:
        """The number of the order of this place, or None when nobody answered or the answer was not yes."""
        body = {
            "channel": "phone",
            "nature": "consult",
            "title": f"{self.word}-{place}",
            "content": "公积金怎么提取，需要什么材料。",
        }
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": f"{self.word}-{place}"}
        try:
            status, told = ask(self.port, "POST", "/api/v1/orders", body, **headers)
        except (OSError, http.client.HTTPException, json.JSONDecodeError):
            return None
        return str(told["number"]) if status == 201 else None

    def run(self, strike_at: int, strike: Callable[[], None], clients: int = 3) -> None:
        """Register them all once; strike when so many were accepted."""
        places, due = iter(range(self.count)), threading.Event()
        lock = threading.Lock()

        def work() -> None:
            while True:
                with lock:
                    place = next(places, None)
                if place is None:
                    return
                number = self.register(place)
                if number:
                    self.accepted[str(place)] = number
                if len(self.accepted) >= strike_at:
                    due.set()

        threads = [threading.Thread(target=work) for _ in range(clients)]
        for thread in threads:
            thread.start()
        struck = due.wait(SECONDS)
        strike()
        for thread in threads:
            thread.join(SECONDS)
        assert struck

    def again(self) -> dict[str, str]:
        """Send every request again, as a client does that is not sure: the number each of them has."""
        found: dict[str, str] = {}
        for place in range(self.count):
            numbers: list[str] = []

            def registered(place: int = place, numbers: list[str] = numbers) -> bool:
                number = self.register(place)
                numbers.extend([number] if number else [])
                return bool(number)

            assert wait_for(registered, SECONDS)
            found[str(place)] = numbers[0]
        return found


@pytest.fixture
def database(committed_city: None) -> str:
    """The address of a database like the tests' own, where transactions really end."""
    return address_of(connection.settings_dict)


@pytest.fixture
def token(database: str) -> str:
    """A bearer token of the operator: the tests' quick password hashes are none outside of them."""
    made = secrets.token_urlsafe(16)
    ApiToken.objects.create(
        staff=Staff.objects.get(username="operator"), digest=hashlib.sha256(made.encode()).digest(),
        expires_at=kernel_clock.now() + TOKEN_LIFE,
    )  # fmt: skip
    return made
