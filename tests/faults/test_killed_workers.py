"""kill -9 of a worker in the middle of sending, with another one beside it: every notice is sent, and none twice."""

import contextlib
import os
import signal
from collections.abc import Iterator

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from huying.channels.simulated_sms.models import SimulatedMessage
from huying.orders import notices
from huying.orders.models import Notice, WorkOrder
from huying.orders.operations import register_many
from huying.orders.operations.registering import Submission
from huying.orders.reading import SYSTEM
from huying.runtime.serving import worker_command
from huying.runtime.tests.conftest import wait_for

from .conftest import SECONDS, Start

pytestmark = pytest.mark.faults
COUNT = 60
# the moments in which a worker can die, made long enough to be hit: while the channel sends, and after it has sent
SLOW = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END $$;
CREATE TRIGGER slow BEFORE INSERT ON simulated_sms_simulatedmessage FOR EACH ROW EXECUTE FUNCTION slow();
CREATE TRIGGER slow BEFORE UPDATE ON orders_notice FOR EACH ROW EXECUTE FUNCTION slow();
"""
QUICK = "DROP FUNCTION slow() CASCADE"


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def slow_channel(database: str) -> Iterator[str]:
    """The address of a database in which sending takes its time, with no job waiting."""
    execute("DELETE FROM procrastinate_jobs")
    execute(SLOW)
    yield database
    execute(QUICK)


def queued() -> list[WorkOrder]:
    """Orders of citizens with a telephone, each with one notice waiting."""
    made = register_many(
        [
            Submission(
                channel="web", nature="consult", title=f"通知-{place}", content="公积金怎么提取", citizen_name="杨试试",
                citizen_phone=f"138{place:08d}",
            )
            for place in range(COUNT)
        ],
        by=SYSTEM,
    )  # fmt: skip
    orders = [order for order in made if isinstance(order, WorkOrder)]
    for order in orders:
        notices.enqueue(order, 1, "closed")
    return orders


def test_each_notice_once_though_a_worker_was_killed(start: Start, slow_channel: str) -> None:
    orders = queued()
    assert len(orders) == COUNT
    workers = [start(worker_command(), HUYING_DATABASE_URL=slow_channel) for _ in range(2)]
    own = Notice.objects.filter(order__in=orders)
    assert wait_for(lambda: own.exclude(sent_at=None).count() >= COUNT // 6, SECONDS)
    os.killpg(workers[0].pid, signal.SIGKILL)
    workers[0].wait(SECONDS)
    done = (
        "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'orders.send_notice' AND status IN ('todo', 'doing')"
    )

    def left() -> int:
        with connection.cursor() as cursor:
            cursor.execute(done)
            return int(cursor.fetchone()[0])

    # the killed one's jobs wait for its silence to be noticed; here it has been silent for long
    execute(
        "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes' WHERE id IN "
        "(SELECT worker_id FROM procrastinate_jobs WHERE status = 'doing')"
    )
    with contextlib.suppress(AlreadyEnqueued):  # a worker that starts brings it along
        app.configure_task("runtime.retry_stalled").defer()
    assert wait_for(lambda: left() == 0, SECONDS)
    assert own.count() == COUNT
    assert own.exclude(sent_at=None).count() == COUNT
    receipts = sorted(own.values_list("receipt", flat=True))
    assert receipts == sorted(SimulatedMessage.objects.values_list("receipt", flat=True))
    assert len(set(receipts)) == COUNT
