"""A worker that was killed outright leaves its jobs to the next one."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app

NOTED: list[str] = []


@app.task(name="tests.note")
def note(word: str) -> None:
    """Leave a trace."""
    NOTED.append(word)


@pytest.fixture
def queue(django_db_setup: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The job tables as a worker's own connections see them: committed, and cleared of these tests' jobs afterwards."""
    # at the turn of a minute a worker would queue the periodic jobs by itself
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})
    with django_db_blocker.unblock():
        yield
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name IN ('tests.note', 'runtime.retry_stalled')")
            cursor.execute("DELETE FROM procrastinate_workers")
        connection.close()


def work() -> None:
    """A worker that ends when nothing is left to do."""

    async def run() -> None:
        connector: Any = app.connector
        with app.replace_connector(connector.get_worker_connector()) as replaced:
            async with replaced.open_async():
                await replaced.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)

    asyncio.run(run())


def test_the_job_of_a_killed_worker_is_done_by_the_next_one(queue: None) -> None:
    NOTED.clear()
    job = app.configure_task("tests.note").defer(word="once")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes') RETURNING id"
        )
        (worker,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, job])
    work()
    assert NOTED == []
    app.configure_task("runtime.retry_stalled").defer()
    work()
    assert NOTED == ["once"]
    app.configure_task("runtime.retry_stalled").defer()
    work()
    assert NOTED == ["once"]


def test_the_worker_knows_the_jobs_of_every_app() -> None:
    assert {"orders.send_notice", "orders.watch_clocks", "runtime.retry_stalled", "runtime.clear_done"} <= set(
        app.tasks
    )
