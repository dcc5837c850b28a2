"""The filled city: every stage there, nobody's queue empty, the history unbroken, and the same again from the same seed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from huying.kernel import clock
from huying.orders import integrity, queries
from huying.orders.flow import AssignmentState, Outcome, State
from huying.orders.models import Assignment, CallBackAttempt, Clock, Event, Notice, WorkOrder
from huying.orders.reading import actor_of
from huying.people.models import Staff
from huying.people.rules import DEMO_ACCOUNTS
from huying.simulation.history import fill

NOW = datetime(2026, 11, 24, 8, 5, tzinfo=UTC)  # a Tuesday afternoon in the city
FEW = 24  # the filled city has those of coverage.py besides


class _Undo(Exception):
    """Rolls back a fill; carries the picture of the city."""


def picture() -> list[tuple[Any, ...]]:
    """What two cities are compared by."""
    rows = WorkOrder.objects.order_by("number").values_list(
        "number", "title", "content", "state", "outcome", "answer", "last_seq"
    )
    return list(rows)


def pictured(seed: int) -> list[tuple[Any, ...]]:
    """The picture of a city that is filled and undone again."""
    try:
        with transaction.atomic():
            fill(seed=seed, orders=FEW, now=NOW, covering=False)
            raise _Undo(picture())
    except _Undo as undone:
        made: list[tuple[Any, ...]] = undone.args[0]
        return made


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_city() -> None:
    first = pictured(1)
    assert len(first) == FEW
    assert pictured(1) == first


@pytest.mark.django_db
def test_a_filled_city() -> None:
    """One fill, looked at from all sides: filling is what takes the time."""
    report = fill(seed=1, orders=FEW, now=NOW)
    assert report is not None
    assert report.moves > 2 * report.orders
    with clock.frozen(NOW):
        _every_stage_is_there()
        _nobodys_queue_is_empty()
        _deadlines_are_believable()
    _nothing_is_left_to_send()
    _history_is_whole()
    before = WorkOrder.objects.count()
    call_command("fill_city", "--quiet")
    assert WorkOrder.objects.count() == before


def _every_stage_is_there() -> None:
    states = set(WorkOrder.objects.values_list("state", flat=True))
    assert states == set(State)
    assert set(Assignment.objects.values_list("state", flat=True)) == set(AssignmentState)
    assert set(WorkOrder.objects.values_list("outcome", flat=True)) - {""} == set(Outcome)
    assert CallBackAttempt.objects.filter(reached=False).exists()
    assert WorkOrder.objects.filter(redo_count__gte=1).exists()
    assert Event.objects.filter(kind="breached").exists()
    kinds = set(Event.objects.values_list("kind", flat=True))
    assert kinds >= {
        "send_back", "approve_return", "refuse_return", "arbitrate", "hand_down", "approve_extension", "approve_promise",
        "reach_milestone", "supplement", "reject", "call_back", "supervise", "merge", "unmerge",
        "reopen", "archive", "fail_review", "convene", "recall",
    }  # fmt: skip


def _nobodys_queue_is_empty() -> None:
    for username in DEMO_ACCOUNTS:
        person = actor_of(Staff.objects.select_related("unit", "team").get(username=username))
        empty = [queue["name"] for queue in queries.queues(person) if not queue["count"]]
        assert empty == [], username


def _deadlines_are_believable() -> None:
    for lamp in ("red", "yellow", "green"):
        assert queries.filtered(actor_of(Staff.objects.get(username="chief")), {"lamp": lamp}).exists(), lamp
    handling = Clock.objects.filter(kind="handle", stopped_at__isnull=False)
    late = handling.filter(breached_at__isnull=False).count()
    assert late / handling.count() < 0.08  # in this small city what is forced weighs heavily


def _nothing_is_left_to_send() -> None:
    assert not ProcrastinateJob.objects.filter(task_name="orders.send_notice").exists()
    assert Notice.objects.exists()
    assert not Notice.objects.filter(made_at__gt=NOW).exists()


def _history_is_whole() -> None:
    assert integrity.check().findings == []
    assert not Event.objects.filter(at__gt=NOW).exists()
