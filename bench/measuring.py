"""Measuring one city in a process of its own: `python -m bench.measuring --orders N --part PART` prints JSON.

Run with HUYING_HOME at the folder of that city. The parts are `limits` (statements, CPU and pace of what has limits,
pgbench beside it), `import` (beside a bare COPY, rolled back) and `serve` (for `bench.run`, which compares two cities).
"""

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from . import importing, load
from .load import free_port

PASSWORD = "huying-demo"
SERVER_PROCESSES = 2


def prepare(orders: int) -> None:
    """Settings, database, reference data and the city; what is there already is used again."""
    os.environ["HUYING_MODE"] = "development"
    os.environ["DJANGO_SETTINGS_MODULE"] = "huying.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from huying.matters.models import Policy
    from huying.orders.models import WorkOrder
    from huying.simulation.reference import load as load_reference
    from huying.simulation.reference import load_accounts

    from . import city

    call_command("migrate", verbosity=0)
    load_reference()
    load_accounts()
    Policy.objects.update(review_share=0)
    there = WorkOrder.objects.count()
    if there < orders:
        began = time.perf_counter()
        city.fill(orders - there, seed=there + 1)
        sys.stderr.write(f"made {orders - there} orders in {time.perf_counter() - began:.0f} s\n")
    else:
        city.settle()


def sample() -> Any:
    """Orders to ask for, chosen the same way in every city."""
    from huying.kernel import paging
    from huying.orders.models import WorkOrder
    from huying.people.models import Unit

    from .kinds import Sample

    newest = WorkOrder.objects.order_by("-received_at", "-id")
    deep = newest.values_list("received_at", "id")[min(40_000, newest.count() * 4 // 5)]
    return Sample(
        list(newest.filter(state="in_progress").values_list("number", flat=True)[:300]),
        list(newest.filter(state="in_progress", last_seq=30).values_list("number", flat=True)[:100]),
        list(newest.filter(state="to_dispatch").values_list("number", flat=True)[:1000]),
        paging.encode(*deep),
        list(Unit.objects.filter(tier__gte=2).order_by("pk").values_list("code", flat=True)[:40]),
    )


def statements(chosen: Any) -> dict[str, int]:
    """SQL statements of each request by a bearer token: BEGIN, COMMIT and the connection's health check are counted."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from .kinds import limited

    client, tokens = Client(), {}
    health = 1 if settings.DATABASES["default"]["CONN_HEALTH_CHECKS"] else 0
    found: dict[str, int] = {}
    for kind in limited(chosen):
        if kind.who not in tokens:
            body = {"username": kind.who, "password": PASSWORD}
            answer = client.post("/api/v1/sessions", body, content_type="application/json", SERVER_NAME="127.0.0.1")
            tokens[kind.who] = answer.json()["token"]
        headers = {"Authorization": f"Bearer {tokens[kind.who]}"}
        for index in (
            -1001,
            -1002,
        ):  # the second time with the catalogue and limits at hand, as in a process that has worked
            method, path, body = kind.make(index)
            with CaptureQueriesContext(connection) as captured:
                answer = client.generic(
                    method,
                    path,
                    json.dumps(body),
                    content_type="application/json",
                    headers=headers,
                    SERVER_NAME="127.0.0.1",
                )
            if answer.status_code >= 400:
                raise RuntimeError(f"{kind.name}: {answer.status_code} {answer.content[:300]!r}")
        found[kind.name] = len(captured) + health
    return found


def pgbench(seconds: int = 4) -> float:
    """Durable one-row inserts per second on the same server, 8 connections: what the disk and the server can do at most."""
    from django.conf import settings
    from django.db import connection

    from huying.runtime.postgres import binaries

    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        if cursor.fetchone()[0] != "on":
            raise RuntimeError("fsync is off: nothing here would be durable")
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_one (id bigserial PRIMARY KEY, note text)")
    script = settings.ENV.home / "insert.sql"
    script.write_text("INSERT INTO bench_one (note) VALUES ('one row');\n")
    database = settings.DATABASES["default"]
    place = [("-h", database["HOST"]), ("-p", database["PORT"]), ("-U", database["USER"])]
    done = subprocess.run(
        [str(binaries() / "pgbench"), "-n", "-c", str(load.CONNECTIONS), "-j", "2", "-T", str(seconds), "-f", str(script),
         *(part for pair in place if pair[1] for part in pair), database["NAME"]],
        capture_output=True, text=True, check=True, env=os.environ | {"PGPASSWORD": database["PASSWORD"]},
    )  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if not found:
        raise RuntimeError(done.stdout)
    return float(found[1])


@contextlib.contextmanager
def served() -> Iterator[load.Target]:
    """The web server as it is run in production, with two processes, and everybody signed in."""
    from huying.people.rules import DEMO_ACCOUNTS
    from huying.runtime.serving import web_command
    from huying.runtime.starting import database_variables

    port = free_port()
    environment = os.environ | database_variables() | {"HUYING_PORT": str(port)}
    server = subprocess.Popen(web_command("127.0.0.1", port, SERVER_PROCESSES), env=environment)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).read()
                break
            except OSError:
                if time.monotonic() > deadline or server.poll() is not None:
                    raise
                time.sleep(0.2)
        tokens = {name: load.sign_in(port, name, PASSWORD) for name in DEMO_ACCOUNTS}
        yield load.Target(port, server.pid, tokens)
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def limits(requests: int) -> dict[str, Any]:
    """What the limits are set for."""
    from . import city
    from .kinds import limited

    counted = statements(sample())
    durable = [pgbench()]
    found: dict[str, Any] = {}
    with served() as target:
        for place, name in enumerate(counted):
            kind = limited(sample())[place]  # chosen anew: dispatching takes what registering made
            found[name] = asdict(load.measure(target, kind.who, requests, kind.make)) | {"statements": counted[name]}
    durable.append(pgbench())
    city.settle()
    return {"kinds": found, "pgbench": durable}


def serve() -> None:
    """Serve the city until standard input ends; says first where, and what to ask for."""
    with served() as target:
        print(json.dumps({"target": asdict(target), "sample": asdict(sample())}), flush=True)
        sys.stdin.read()


def main() -> None:
    """Measure one part and print it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, required=True)
    parser.add_argument("--part", choices=("limits", "import", "serve"), required=True)
    parser.add_argument("--requests", type=int, default=400)
    wanted = parser.parse_args()
    prepare(wanted.orders)
    if wanted.part == "serve":
        serve()
    else:
        print(json.dumps(importing.measure() if wanted.part == "import" else limits(wanted.requests)))


if __name__ == "__main__":
    main()
