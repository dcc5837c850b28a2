"""Two at once 并发: real transactions of real threads; one wins, the other is told, and nobody waits for ever."""

from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from pytest_django.plugin import DjangoDbBlocker

from huying.kernel import clock
from huying.kernel.errors import HuyingError, Refused, Stale
from huying.orders import integrity, jobs
from huying.orders.models import Clock, Event, WorkOrder
from huying.orders.operations import perform
from huying.orders.tests.acting import CALLED, REASON, UNIT, do, last, order_in, registered, row, who

# everything that a test here commits; the reference data of the session stays
EMPTY = """
ALTER TABLE orders_event DISABLE TRIGGER event_no_truncate;
TRUNCATE orders_workorder, citizens_citizen, procrastinate_jobs, procrastinate_events CASCADE;
ALTER TABLE orders_event ENABLE TRIGGER event_no_truncate;
"""
WAIT_SECONDS = 60


@pytest.fixture(autouse=True)
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real transactions, and all that they left gone afterwards."""
    with django_db_blocker.unblock():
        yield
        with connection.cursor() as cursor:
            cursor.execute(EMPTY)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call gave, or the error it raised, all started together, each on a connection of its own."""
    barrier = Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            with connection.cursor() as cursor:  # connected before the start, so that they really meet
                cursor.execute("SET lock_timeout = '30s'")
            barrier.wait(WAIT_SECONDS)
            results[place] = call()
        except Exception as fault:
            results[place] = fault
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
    assert not any(thread.is_alive() for thread in threads)
    return results


def verb(number: str, name: str, person: str, *, seen: int | None = None, **told: Any) -> Callable[[], str]:
    """The verb, ready to be done; gives the state afterwards."""
    by = who(person)
    return lambda: str(perform(number, name, told, by=by, seen=seen).order.state)


def test_two_dispatchers_press_at_once() -> None:
    number = registered()
    seen = row(number).version
    results = at_once(
        verb(number, "dispatch", "dispatcher", seen=seen, lead=UNIT),
        verb(number, "dispatch", "dispatcher", seen=seen, lead="city-jtj"),
    )
    assert results.count("in_progress") == 1
    late = next(item for item in results if item != "in_progress")
    assert isinstance(late, Stale), late
    assert late.details["latest"]["label"] == "派单"
    assert late.details["latest"]["actor"] == last(number).actor_name == who("dispatcher").name
    assert late.details["version"] == seen + 1
    assert Event.objects.filter(order__number=number).count() == 2


def test_two_of_a_unit_sign_at_once() -> None:
    number = order_in("dispatched")
    results = at_once(*[verb(number, "accept", "handler")] * 2)
    assert results.count("in_progress") == 1
    late = next(item for item in results if item != "in_progress")
    assert isinstance(late, Refused), late
    assert late.code == "not_your_unit"
    assert Event.objects.filter(order__number=number, kind="accept").count() == 1


def test_twenty_registrations_at_once_have_twenty_numbers() -> None:
    by = who("operator")
    results = at_once(*[lambda: registered(by=by)] * 20)
    assert len({str(item) for item in results}) == 20
    assert all(len(str(item)) == 15 for item in results), results
    assert WorkOrder.objects.count() == 20


def test_one_message_from_two_connectors_is_one_order() -> None:
    by = who("system")
    results = at_once(*[lambda: registered(by=by, channel="web", source_id="w-1")] * 6)
    made = [item for item in results if isinstance(item, str)]
    assert len(made) == 1
    assert {item.code for item in results if isinstance(item, HuyingError)} == {"already_registered"}
    assert WorkOrder.objects.count() == 1


def test_crosswise_merges_neither_deadlock_nor_make_a_circle() -> None:
    for _ in range(4):
        one, two = registered(), registered()
        results = at_once(verb(one, "merge", "dispatcher", into=two), verb(two, "merge", "dispatcher", into=one))
        assert results.count("closed") == 1, results
        late = next(item for item in results if item != "closed")
        assert isinstance(late, Refused), late
        assert late.code in ("has_children", "bad_parent")
        assert sorted((row(number).parent_id is None, row(number).children_count) for number in (one, two)) == [
            (False, 0),
            (True, 1),
        ]


def test_a_parent_closes_while_a_child_leaves() -> None:
    for _ in range(3):
        child, parent = registered(), order_in("to_call_back")
        do(child, "merge", "dispatcher", into=parent)
        results = at_once(
            verb(parent, "call_back", "callback", **CALLED),
            verb(child, "unmerge", "dispatcher", reason=REASON["reason"]),
        )
        assert results == ["closed", "to_dispatch"]
        assert (row(child).answer, row(parent).children_count) == ("", 0)


def test_ten_merges_into_one_parent_count_ten() -> None:
    parent = registered()
    children = [registered() for _ in range(10)]
    assert at_once(*[verb(child, "merge", "dispatcher", into=parent) for child in children]) == ["closed"] * 10
    assert row(parent).children_count == 10
    assert integrity.check(parent).findings == []


def test_two_workers_watch_the_same_clocks() -> None:
    numbers = [registered() for _ in range(5)]
    past = clock.now()
    Clock.objects.update(warn_at=past, due_at=past)
    assert at_once(jobs.watch_clocks, jobs.watch_clocks, jobs.watch_clocks) == [None] * 3
    for number in numbers:
        kinds = list(Event.objects.filter(order__number=number).order_by("seq").values_list("kind", flat=True))
        assert kinds == ["registered", "breached", "urge"]
        assert integrity.check(number).findings == []


def test_what_many_do_to_one_order_is_one_chain() -> None:
    number = registered()
    results = at_once(*[verb(number, "note_down", "operator", note=f"第{n}人") for n in range(8)])
    assert results == ["to_dispatch"] * 8
    assert (row(number).version, row(number).last_seq) == (9, 9)
    assert integrity.check(number).findings == []
