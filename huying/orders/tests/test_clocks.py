"""Clocks 时限 in the life of an order: rules that change, holidays, waiting, and a machine whose clock goes backwards."""

from datetime import datetime, timedelta

import pytest

from huying.kernel import clock
from huying.kernel.clock import LOCAL
from huying.matters.models import LimitRule
from huying.orders import clocks
from huying.orders.models import Clock, Event
from huying.orders.tests.acting import (
    CALLED,
    CONTACT,
    EXTEND,
    REASON,
    REPLY,
    UNIT,
    Time,
    do,
    order_in,
    registered,
    row,
    running,
    shares,
    time,
    who,
    with_limit,
)  # fmt: skip
from huying.people.models import Unit
from huying.worktime.models import WorkSchedule
from huying.worktime.queries import clear

__all__ = ["time"]
pytestmark = pytest.mark.usefixtures("time")


def at(month: int, day: int, hour: int = 10, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LOCAL)


def test_a_running_clock_does_not_move_when_the_rule_does() -> None:
    number = order_in("accepted")
    before = list(Clock.objects.order_by("pk").values())
    with_limit("handle", 1, "working_days", nature="", urgency="")
    do(number, "contact", "handler", **CONTACT)
    kept = Clock.objects.exclude(kind="contact").order_by("pk").values()
    assert list(kept) == [item for item in before if item["kind"] != "contact"]
    assert shares(number)[UNIT].due_at == at(3, 17, 18)
    assert running(order_in("dispatched"))["handle"].due_at == at(3, 11, 18)


def test_the_unit_beats_the_urgency_and_the_urgency_the_nature() -> None:
    unit = Unit.objects.get(code=UNIT)
    LimitRule.objects.create(kind="handle", nature="complaint", amount=3, measure="working_days")
    from huying.matters import queries

    queries.clear()
    assert float(running(order_in("dispatched", nature="complaint"))["handle"].amount) == 3
    assert running(order_in("dispatched", nature="complaint", urgency="urgent"))["handle"].measure == "hours"
    LimitRule.objects.create(kind="handle", unit=unit, amount=9, measure="working_days")
    queries.clear()
    assert float(running(order_in("dispatched", urgency="urgent"))["handle"].amount) == 9


def test_a_unit_that_works_round_the_clock_signs_at_night(time: Time) -> None:
    WorkSchedule.objects.create(code="shifts", name="倒班", blocks=[["00:00", "24:00"]])
    clear()
    Unit.objects.filter(code=UNIT).update(schedule="shifts")
    time.is_now(at(3, 10, 20))
    number = order_in("dispatched")
    assert running(number)["sign"].due_at == at(3, 11, 0)


def test_a_suspension_over_a_weekend_costs_working_time_only(time: Time) -> None:
    number = order_in("accepted")
    time.is_now(at(3, 13, 17))  # Friday, one working hour before the end
    do(number, "suspend", "dispatcher", **REASON)
    time.is_now(at(3, 16, 10))  # Monday, one working hour after the beginning
    do(number, "resume", "dispatcher")
    assert running(number)["handle"].due_at == at(3, 18, 11)  # two working hours later than the 17th at 18:00


def test_hours_run_through_the_night_and_wait_all_of_it(time: Time) -> None:
    number = order_in("accepted", urgency="urgent")
    due = running(number)["handle"].due_at
    do(number, "suspend", "dispatcher", **REASON)
    time.passes(hours=60)
    do(number, "resume", "dispatcher")
    assert running(number)["handle"].due_at == due + timedelta(hours=60)


def test_across_the_spring_festival(time: Time) -> None:
    """2026: 15 to 23 February off, Saturdays 14 and 28 February worked."""
    time.is_now(at(2, 12))
    number = order_in("dispatched")
    assert running(number)["handle"].due_at == at(2, 26, 18)  # 13, 14, 24, 25, 26
    do(number, "accept", "handler")
    time.is_now(at(2, 14, 9))
    do(number, "suspend", "dispatcher", **REASON)
    time.is_now(at(2, 24, 9))  # one working day has passed, the make-up Saturday
    do(number, "resume", "dispatcher")
    assert running(number)["handle"].due_at == at(2, 27, 18)
    do(number, "extend", "handler", **EXTEND | {"days": 2})
    do(number, "approve_extension", "dispatcher")
    assert running(number)["handle"].due_at == at(3, 2, 18)  # the worked Saturday counts, the Sunday does not


@pytest.mark.parametrize(
    ("changes", "amount", "measure"),
    [
        ({}, 3, "working_days"),
        ({"nature": "consult"}, 1, "working_days"),
        ({"urgency": "urgent"}, 12, "hours"),
        ({"urgency": "critical"}, 1, "hours"),
    ],
)
def test_a_redo_has_half_the_limit(changes: dict[str, str], amount: int, measure: str) -> None:
    redo = running(order_in("redone", **changes))["redo"]
    assert (float(redo.amount), redo.measure) == (amount, measure)


def test_after_a_redo_a_new_dispatch_has_half_the_limit_too() -> None:
    number = order_in("redone")
    do(number, "recall", "dispatcher", **REASON)
    do(number, "dispatch", "dispatcher", lead=UNIT)
    assert "handle" not in running(number)
    assert running(number)["redo"].due_at == at(3, 13, 18)


def test_the_lamp_of_the_order_is_that_of_its_stage() -> None:
    kinds = {
        stage: row(order_in(stage)).clock
        for stage in (
            "draft",
            "refusal",
            "registered",
            "accepted",
            "disputed",
            "promised",
            "redone",
            "reply_review",
            "to_call_back",
            "closed",
            "suspended",
        )
    }
    assert kinds == {
        "draft": "", "refusal": "review", "registered": "dispatch", "accepted": "handle", "disputed": "arbitrate",
        "promised": "promise", "redone": "redo", "reply_review": "reply_review", "to_call_back": "call_back", "closed": "",
        "suspended": "",
    }  # fmt: skip


def test_no_clock_of_a_stage_outlives_it() -> None:
    """会商 keeps no clock of 派单 running, nor the work that follows."""
    number = order_in("disputed")
    assert set(running(number)) == {"arbitrate"}
    do(number, "suspend", "dispatcher", **REASON)
    do(number, "resume", "dispatcher")
    do(number, "arbitrate", "chief", rule="meeting", lead=UNIT, note="由城管局主办")
    assert set(running(number)) == {"sign", "contact", "handle"}


def test_call_back_within_two_working_days() -> None:
    assert running(order_in("to_call_back"))["call_back"].due_at == at(3, 12, 18)


# -- a machine whose clock goes backwards


def test_history_never_goes_back(time: Time) -> None:
    """The next event is at the earliest as late as the one before it; nothing is refused, nothing gets negative."""
    number = order_in("contacted")
    newest = row(number).changed_at
    time.passes(hours=-3)
    do(number, "reply", "handler", **REPLY)
    do(number, "approve", "approver")
    do(number, "call_back", "callback", **CALLED)
    order = row(number)
    assert set(Event.objects.filter(order=order).values_list("at", flat=True)) == {newest}
    assert order.closed_at == newest == shares(number)[UNIT].replied_at
    time.passes(hours=4)
    do(number, "reopen", "callback", **REASON)
    assert row(number).changed_at == clock.now()


def test_a_pause_that_ends_before_it_began_moves_nothing(time: Time) -> None:
    number = order_in("accepted")
    due = running(number)["handle"].due_at
    do(number, "suspend", "dispatcher", **REASON)
    time.passes(days=-1)
    do(number, "resume", "dispatcher")
    assert running(number)["handle"].due_at == due


def test_what_came_in_later_than_now_came_in_now(time: Time) -> None:
    number = registered(by=who("system"), channel="web", received_at=clock.now() + timedelta(hours=1))
    assert row(number).received_at == clock.now() == row(number).changed_at


def test_facts_too_are_never_earlier(time: Time) -> None:
    from huying.orders import history

    number = order_in("registered")
    newest = row(number).changed_at
    time.passes(hours=-1)
    assert history.record(row(number), "revealed", by=who("dispatcher"), told={"reason": "核对"}).at == newest


# -- the arithmetic beside the database


def a_clock(amount: float, measure: str, due_at: datetime) -> Clock:
    return Clock(
        kind="handle",
        amount=amount,
        measure=measure,
        schedule="standard",
        started_at=at(3, 10),
        warn_at=due_at,
        due_at=due_at,
    )


@pytest.mark.parametrize(
    ("amount", "measure", "cap", "longest"),
    [(5, "working_days", 10, 5), (15, "working_days", 10, 10), (24, "hours", 10, 1), (23, "hours", 10, 0), (2, "hours", 10, 0),
     (30, "minutes", 10, 0), (16, "working_hours", 10, 2), (4, "working_hours", 10, 0), (5, "working_days", 0, 0)],
)  # fmt: skip
def test_the_longest_extension(amount: float, measure: str, cap: int, longest: int) -> None:
    assert clocks.longest_extension(a_clock(amount, measure, at(3, 17, 18)), cap) == longest


@pytest.mark.parametrize(
    ("amount", "measure", "margin", "until"),
    [(5, "working_days", 1, at(3, 16, 18)), (5, "working_days", 2, at(3, 13, 18)), (1, "working_days", 1, at(3, 17, 18)),
     (5, "working_days", 0, at(3, 17, 18)), (24, "hours", 1, at(3, 17, 18))],
)  # fmt: skip
def test_until_when_to_ask(amount: float, measure: str, margin: int, until: datetime) -> None:
    assert clocks.extension_until(a_clock(amount, measure, at(3, 17, 18)), margin) == until


def test_a_cap_shortens_and_never_lengthens() -> None:
    item = a_clock(5, "working_days", at(3, 17, 18))
    clocks.cap(item, at(3, 20))
    assert item.due_at == at(3, 17, 18)
    clocks.cap(item, at(3, 11, 10))
    assert (item.due_at, item.warn_at) == (at(3, 11, 10), at(3, 10) + timedelta(hours=24) * 0.8)


def test_an_extended_clock_may_warn_and_breach_again() -> None:
    item = a_clock(5, "working_days", at(3, 17, 18))
    item.warned_at = item.breached_at = at(3, 17, 19)
    clocks.extend(item, 3)
    assert item.due_at == at(3, 20, 18)
    assert [item.warned_at, item.breached_at] == [None, None]
    assert item.warn_at == at(3, 19, 10, 48)  # 80 % of 71 working hours
