"""What every verb has in common, for every verb: a refused one changes nothing; and no verb is without its cases."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from huying.kernel.errors import Forbidden, NotFound, Refused, Stale
from huying.orders.flow import ACTIONS, State
from huying.orders.operations import VERBS, perform
from huying.orders.tests import acting
from huying.orders.tests.acting import Refuses, Time, Works, check_refuses, check_works, order_in, row, time, who

__all__ = ["time"]
pytestmark = pytest.mark.usefixtures("time")

PHASES = [
    import_module(f"huying.orders.tests.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("test_operations_*.py"))
    if path.stem != Path(__file__).stem
]
# where the success of these is shown by a test of its own, because it takes several steps
BY_HAND = {"close_unreached": "test_close_unreached"}
WORKS: dict[str, Works] = {case.verb: case for phase in PHASES for case in phase.WORKS}
REFUSES: list[Refuses] = [case for phase in PHASES for case in phase.REFUSES]
STAGE_OF = {
    State.DRAFT: "draft", State.IN_REVIEW: "refusal", State.TO_DISPATCH: "registered", State.IN_PROGRESS: "accepted",
    State.DISPUTED: "disputed", State.PROMISED: "promised", State.SUSPENDED: "suspended", State.AWAITING_CITIZEN: "awaiting",
    State.REPLY_REVIEW: "reply_review", State.TO_CALL_BACK: "to_call_back", State.CLOSED: "closed", State.ARCHIVED: "archived",
}  # fmt: skip
TOLD: dict[str, dict[str, Any]] = {name: case.told for name, case in WORKS.items()} | {"close_unreached": {}}


def test_every_verb_is_written_once() -> None:
    assert VERBS.keys() == ACTIONS.keys()
    assert len(set(VERBS.values())) == len(VERBS)


def test_every_phase_runs_its_tables() -> None:
    assert len(PHASES) == 4
    for phase in PHASES:
        for test, table, check in (
            (phase.test_works, phase.WORKS, check_works),
            (phase.test_refuses, phase.REFUSES, check_refuses),
        ):
            mark = next(mark for mark in test.pytestmark if mark.name == "parametrize")
            assert mark.args[1] is table
            assert check.__name__ in test.__code__.co_names


def test_every_verb_has_a_success_and_a_refusal_of_its_own() -> None:
    by_hand = {verb for verb, test in BY_HAND.items() if any(hasattr(phase, test) for phase in PHASES)}
    assert WORKS.keys() | by_hand == ACTIONS.keys()
    assert {case.verb for case in REFUSES} == ACTIONS.keys()


def test_every_way_on_is_walked() -> None:
    """Each state that an action says it may lead to is reached by a case or by a test named here."""
    elsewhere = {
        ("approve_return", "disputed"), ("approve_return", "reply_review"),  # test_operations_dispatching
        ("call_back", "disputed"), ("redo", "disputed"), ("close_unreached", "closed"),  # test_operations_closing
        ("reject", "promised"), ("reject", "disputed"),
        ("submit", "in_review"),
        *(("resume", state) for state in ("draft", "promised", "disputed")),
        *(("supplement", state) for state in ("draft", "in_progress")),
    }  # fmt: skip
    walked = {(case.verb, case.state) for phase in PHASES for case in phase.WORKS if case.state}
    said = {(name, str(state)) for name, action in ACTIONS.items() for state in action.reaches}
    assert walked | elsewhere == said
    assert not walked & elsewhere


@pytest.mark.parametrize(
    ("entered", "verb"),
    [
        ("draft", "ask_citizen"),
        ("accepted", "ask_citizen"),
        ("promised", "suspend"),
        ("disputed", "suspend"),
        ("registered", "suspend"),
    ],
)
@pytest.mark.parametrize("way", ["resume", "supplement"])
def test_overlays_are_left_to_where_they_were_entered(entered: str, verb: str, way: str) -> None:
    if way == "supplement" and verb == "suspend":
        way = "resume"
    number = order_in(entered)
    before, clocks = row(number).state, set(acting.running(number))
    acting.do(number, verb, "dispatcher", **({"question": "哪里？"} if verb == "ask_citizen" else acting.REASON))
    acting.do(
        number,
        way,
        "operator" if way == "supplement" else "dispatcher",
        **({"content": "补充"} if way == "supplement" else {}),
    )
    assert (row(number).state, set(acting.running(number))) == (before, clocks)


def told_to(name: str, number: str) -> dict[str, Any]:
    """What the verb is told in its own case."""
    return {field: value(number) if callable(value) else value for field, value in TOLD[name].items()}


@pytest.mark.parametrize("state", State)
def test_no_verb_works_in_a_state_it_does_not_start_from(state: State) -> None:
    number = order_in(STAGE_OF[state])
    assert row(number).state == state
    names = [name for name, action in ACTIONS.items() if state not in action.sources]
    tries = [(name, WORKS[name].who if name in WORKS else "system", told_to(name, number)) for name in names]
    with acting.untouched():
        for name, by, told in tries:
            fault = acting.fault_of(number, name, by, **told)
            assert fault.code in ("wrong_state", "no_such_order"), name  # a unit does not know of what it was not given


@pytest.mark.parametrize("name", ACTIONS)
def test_permission_version_and_form_are_asked_first(name: str) -> None:
    case = WORKS.get(name)
    number = order_in(case.stage if case else "to_call_back")
    told = told_to(name, number)

    last, version = acting.last(number), row(number).version
    with acting.untouched():
        fault = acting.fault_of(number, name, "planner", **told)
        assert isinstance(fault, Forbidden)
        assert fault.code == "no_permission"

        fault = acting.fault_of(number, name, "system", nonsense=1)
        assert fault.code == "invalid_fields"
        assert {"field": "nonsense", "sentence": "不认识的内容"} in fault.details["errors"]

        with pytest.raises(Stale) as stale:
            perform(number, name, told, by=who("system"), seen=version - 1)
    assert stale.value.details["version"] == version
    assert stale.value.details["latest"]["actor"] == last.actor_name
    assert last.actor_name in stale.value.sentence


def test_a_verb_that_is_none_and_an_order_that_is_none() -> None:
    number = order_in("registered")
    with pytest.raises(NotFound) as fault:
        perform(number, "explode", {}, by=who("dispatcher"))
    assert fault.value.code == "no_such_action"
    with pytest.raises(NotFound) as fault:
        perform("202001010000013", "dispatch", {"lead": acting.UNIT}, by=who("dispatcher"))
    assert fault.value.code == "no_such_order"


def test_an_error_in_the_middle_of_a_verb_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault after everything was written is like a refusal before."""
    from huying.orders import notices

    def broken(*_: Any) -> None:
        raise Refused("queue_gone", "队列不可用")

    monkeypatch.setattr(notices, "enqueue", broken)
    number = order_in("registered")
    assert acting.refused(number, "dispatch", "dispatcher", lead=acting.UNIT).code == "queue_gone"


def test_staff_themselves_may_be_handed_in(time: Time) -> None:
    from huying.people.models import Staff

    number = order_in("registered")
    perform(
        number,
        "dispatch",
        {"lead": acting.UNIT},
        by=Staff.objects.select_related("unit", "team").get(username="dispatcher"),
    )
    assert acting.last(number).unit_name == "热线中心"
