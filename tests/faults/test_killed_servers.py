"""kill -9 of the processes that answer: what was accepted stays, and they are there again."""

import io
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from huying.orders.models import WorkOrder
from huying.runtime import postgres, serving
from huying.runtime.postgres import Server
from huying.runtime.processes import Supervisor
from huying.runtime.tests.conftest import open_folder, wait_for

from .conftest import SECONDS, Burst, Start, answers, below, free_port

pytestmark = pytest.mark.faults
__all__ = ["open_folder"]


def test_a_killed_web_worker_loses_no_accepted_order_and_a_retry_makes_no_second(
    start: Start, database: str, token: str
) -> None:
    port = free_port()
    web = start(serving.web_command("127.0.0.1", port, 2), HUYING_DATABASE_URL=database)
    assert wait_for(lambda: answers(port), SECONDS)
    burst = Burst(port, "web", 60, token)
    victims = [pid for pid in below(web.pid) if answering(pid)]
    assert len(victims) == 2

    def strike() -> None:
        for pid in victims:  # all that answer: every request on its way is cut off
            os.kill(pid, signal.SIGKILL)

    burst.run(15, strike)
    kept = burst.again()
    assert {place: kept[place] for place in burst.accepted} == burst.accepted
    found = WorkOrder.objects.filter(title__startswith=f"{burst.word}-").values_list("number", flat=True)
    assert sorted(found) == sorted(kept.values())
    assert len(set(kept.values())) == burst.count


def test_a_killed_database_gives_back_every_accepted_order(
    start: Start, database: str, token: str, open_folder: Path
) -> None:
    # a cluster of its own, with every commit on the disk: the tests' own does without
    home = Server(open_folder / "home")
    keeper = start([sys.executable, "-m", "huying.runtime.keeper", str(home.home)])
    assert wait_for(home.users.living, SECONDS)
    try:
        copy(database, home)
        port = free_port()
        start(serving.web_command("127.0.0.1", port, 1), HUYING_DATABASE_URL=home.url())
        assert wait_for(lambda: answers(port), SECONDS)
        burst = Burst(port, "database", 40, token)
        first = home.running_pid()
        assert first
        burst.run(10, lambda: os.kill(first, signal.SIGKILL))
        kept = burst.again()
        assert home.running_pid() not in (None, first)
        assert {place: kept[place] for place in burst.accepted} == burst.accepted
        with psycopg.connect(home.url()) as wire:
            found = wire.execute("SELECT number FROM orders_workorder WHERE title LIKE 'database-%'").fetchall()
        assert sorted(row[0] for row in found) == sorted(kept.values())
    finally:
        keeper.terminate()
        keeper.wait(SECONDS)
        postgres.stop(home.home)


def answering(pid: int) -> bool:
    """True for the processes that answer, not the one in which Python counts shared resources."""
    return "resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_text()


def copy(source: str, target: Server) -> None:
    """Fill the database of a new cluster from another one."""
    dump = subprocess.run([target.binary("pg_dump"), "--format=custom", source], capture_output=True, check=True)
    subprocess.run(
        [target.binary("pg_restore"), "--no-owner", "-d", target.url()],
        input=dump.stdout,
        capture_output=True,
        check=True,
    )


def test_a_killed_stream_is_started_again(database: str) -> None:
    port = free_port()
    stream = serving.stream_child(
        "127.0.0.1", port, environment={"HUYING_DATABASE_URL": database, "HUYING_MODE": "demo"}
    )
    up = threading.Event()
    supervisor = Supervisor([stream], on_ready=up.set, output=io.StringIO())
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    try:
        assert up.wait(SECONDS)
        assert stream.process
        first = stream.process.pid
        os.kill(first, signal.SIGKILL)
        assert wait_for(lambda: stream.process and stream.process.pid != first and answers(port), SECONDS)
    finally:
        supervisor.request_stop()
        thread.join(SECONDS)
    assert not answers(port)
