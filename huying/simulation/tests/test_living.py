"""The living city: one step at a time, with what a person works on left alone."""

from datetime import timedelta
from random import Random

import pytest

from huying.kernel import clock
from huying.orders.models import Assignment, Event, WorkOrder
from huying.orders.operations import perform, register
from huying.orders.operations.registering import Submission
from huying.orders.reading import actor_of
from huying.people.models import Staff
from huying.simulation import living as subject
from huying.simulation.acting import next_step
from huying.simulation.living import Living
from huying.simulation.plans import Plan
from huying.simulation.staffing import employ
from huying.simulation.turning import Case

SUBMISSION = Submission(
    "web", "complaint", "夜市占道", "夜市摊位占满人行道，晚上没法走路。", "010201", "某路口", "610113003"
)


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> Living:
    """A small living city, nobody's queue spared."""
    employ(1)
    monkeypatch.setattr(subject, "FLOORS", {})
    return Living(seed="test", speed=600)


def account(username: str) -> Staff:
    return Staff.objects.select_related("unit", "team").get(username=username)


def run(city: Living, minutes: int) -> None:
    """Ticks with a moving clock."""
    at = clock.now()
    for _ in range(minutes * 4):
        at += timedelta(seconds=15)
        with clock.frozen(at):
            city.tick()


def test_people_call_and_units_act(city: Living) -> None:
    run(city, 6)
    assert WorkOrder.objects.count() >= 5
    assert city.did["accept"] >= 1
    assert set(Event.objects.values_list("kind", flat=True)) > {"registered", "dispatch", "accept"}
    assert not Event.objects.filter(actor_id__in=city.crew.shown, kind="registered").exists()


def test_what_the_demo_operator_registered_is_left_alone(city: Living) -> None:
    order = register(SUBMISSION, by=actor_of(account("operator")))
    run(city, 2)
    order.refresh_from_db()
    assert (order.state, order.version) == ("to_dispatch", 1)


def test_what_a_demo_account_has_just_touched_is_left_alone(city: Living) -> None:
    order = register(SUBMISSION, by=city.crew.operator(clock.now(), Random(1), demo=False))
    case = Case(order, Plan(), Random(1))
    perform(order.number, "note_down", {"note": "我来看看"}, by=account("dispatcher"))
    now = clock.now()
    assert city.is_somebodys(order, now)
    assert not city.is_somebodys(order, now + subject.LEFT_ALONE + timedelta(minutes=1))
    step = next_step(city.around, case, now)
    assert step is not None
    assert city.act(now, case, step) is False
    order.refresh_from_db()
    assert order.state == "to_dispatch"


def test_the_demo_unit_keeps_its_work(city: Living) -> None:
    order = register(SUBMISSION, by=city.crew.operator(clock.now(), Random(1), demo=False))
    dispatcher = city.crew.somebody("dispatcher", Random(1), demo=False)
    perform(order.number, "dispatch", {"lead": "610113-cg"}, by=dispatcher)
    run(city, 1)
    assert Assignment.objects.get(order=order, part="lead", parent=None).state == "to_accept"


def test_the_last_orders_of_a_queue_are_left(city: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "FLOORS", {"dispatch": ("to_dispatch", 2)})
    operator = city.crew.operator(clock.now(), Random(1), demo=False)
    orders = [register(SUBMISSION, by=operator) for _ in range(3)]
    now = clock.now()
    for order in orders:
        case = Case(order, Plan(), Random(1))
        step = next_step(city.around, case, now)
        assert step is not None
        city.act(now, case, step)
    assert WorkOrder.objects.filter(state="to_dispatch").count() == 2


def test_a_move_by_somebody_else_is_seen_and_gone_on_from(city: Living) -> None:
    order = register(SUBMISSION, by=city.crew.operator(clock.now(), Random(1), demo=False))
    case = Case(order, Plan(), Random(1))
    now = clock.now()
    step = next_step(city.around, case, now)
    assert step is not None
    perform(order.number, step.verb, step.told, by=step.by)
    assert city.act(now, case, step) is False
    assert city.did["refused: stale"] == 1
    assert case.order.state == "in_progress"


def test_the_rate_of_calls_stays_within_what_a_person_can_follow(city: Living) -> None:
    for speed in (0.1, 60, 10_000):
        city.speed = speed
        assert subject.FEWEST_A_MINUTE <= city.calls_a_minute(clock.now()) <= subject.MOST_A_MINUTE


def test_no_new_calls_while_too_much_is_open(city: Living, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "MOST_OPEN", 0)
    run(city, 2)
    assert WorkOrder.objects.count() == 0
