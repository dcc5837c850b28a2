"""kill -9 in the middle of an import, then the same command again: every row is there exactly once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection, connections

ROWS = 1_200


@pytest.fixture
def scratch(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a copy of the test database: what a killed process commits cannot be rolled back."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        told = connection.settings_dict
        connections.close_all()
    name = f"{told['NAME']}_killed"
    account = f"{quote(told['USER'])}:{quote(told['PASSWORD'])}@" if told["USER"] else ""

    def url(database: str) -> str:
        return (
            f"postgresql://{account}/{quote(database)}?host={quote(told['HOST'], safe='')}&port={told['PORT'] or 5432}"
        )

    with psycopg.connect(url("postgres"), autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{told["NAME"]}"')
        yield url(name)
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def begin(path: Path, url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "huying", "import-orders", str(path), "--batch", "25"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_VERSION"}
    return subprocess.Popen(
        command,
        env=environment | {"HUYING_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def counted(url: str) -> int:
    with psycopg.connect(url) as database:
        row = database.execute("SELECT count(*) FROM orders_workorder WHERE source_id LIKE 'K%'").fetchone()
    return int(row[0]) if row else 0


def test_a_killed_import_is_run_again_and_every_row_is_there_once(tmp_path: Path, scratch: str) -> None:
    path = tmp_path / "a.csv"
    lines = [f"K{number},2019-01-01,投诉,第{number}行说的是夜里施工太吵" for number in range(ROWS)]
    path.write_text("编号,受理时间,性质,内容\n" + "\n".join([*lines, "K-坏,昨天,投诉,时间不对"]), encoding="utf-8")
    first = begin(path, scratch)
    deadline = time.monotonic() + 120
    while counted(scratch) < 50 and first.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert first.returncode == -signal.SIGKILL
    there = counted(scratch)
    assert 50 <= there < ROWS
    assert there % 25 == 0  # whole batches only
    second = begin(path, scratch)
    out, _ = second.communicate(timeout=300)
    assert second.returncode == 1, out  # the bad row
    assert f"登记{ROWS - there}行，此前已登记{there}行，退回1行" in out
    with psycopg.connect(scratch) as database:
        row = database.execute(
            "SELECT count(*), count(DISTINCT source_id), (SELECT count(*) FROM orders_event e JOIN orders_workorder o"
            " ON o.id = e.order_id WHERE o.source_id LIKE 'K%%') FROM orders_workorder WHERE source_id LIKE 'K%%'",
            [],
        ).fetchone()
    assert row == (ROWS, ROWS, ROWS)
