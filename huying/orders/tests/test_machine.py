"""A machine that presses buttons 状态机: random people do random things to a few orders, and the rules hold throughout."""

from contextlib import ExitStack
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from huying.kernel import clock
from huying.kernel.errors import HuyingError
from huying.matters.queries import policy
from huying.orders import integrity, jobs
from huying.orders.flow import ACTIONS, ACTIVE, AssignmentState, State, derived_state, offers
from huying.orders.flow.states import OVERLAY_STATES
from huying.orders.models import Application, Assignment, Clock, Event, WorkOrder
from huying.orders.operations import perform
from huying.orders.reading import assignment_facts, limits_of, order_facts
from huying.orders.tests import acting
from huying.orders.tests.acting import (
    CALLED,
    EXPLAIN,
    SQUAD,
    UNHAPPY,
    UNIT,
    UNREACHED,
    frozen_time,
    order_in,
    registered,
    who,
)

PEOPLE = [
    "operator", "leader", "dispatcher", "handler", "head", f"handler@{acting.OTHER}", f"handler@{SQUAD}", "approver", "callback",
    "supervisor", "chief", "system",
]  # fmt: skip
MOST_ORDERS = 3
# pressed seldom: what ends an order, leads away from the main road, or can be done for ever
SELDOM = frozenset(
    [
        "void",
        "withdraw",
        "merge",
        "note_down",
        "urge",
        "supervise",
        "finish_supervision",
        "correct",
        "ask_citizen",
        "suspend",
        "transfer",
        "convene",
        "recall",
        "contact",
        "answer",
        "add_assisting",
    ]
)
STAGES = [*acting.STAGES, "merged", "parent", "sampled", "unit_review"]
ENDED = (State.CLOSED, State.ARCHIVED)
TOLD: dict[str, list[dict[str, Any]]] = {
    "answer": [{"answer": "可以", "knowledge": "条例"}, {"answer": "可以"}],
    "refuse": [acting.REFUSE, acting.REFUSE | {"told_citizen": False}],
    "transfer": [{"line": "110", "mode": "one_key"}],
    "fail_review": [acting.REASON],
    "correct": [{"urgency": "urgent"}, {"urgency": "normal"}, {"matter": "010303"}],
    "ask_citizen": [{"question": "哪个路口？"}],
    "supplement": [{"content": "小寨东路口"}],
    "dispatch": [{"lead": UNIT}, {"lead": UNIT, "assisting": [acting.OTHER]}, {"lead": acting.OTHER}, {"lead": UNIT, "assisting": [UNIT]}],
    "add_assisting": [{"assisting": [acting.OTHER]}, {"assisting": [UNIT]}],
    "contact": [acting.CONTACT, acting.CONTACT | {"reached": False}],
    "send_back": [acting.RETURN, acting.RETURN | {"suggested_unit": "city-jtj"}],
    "arbitrate": [{"rule": "territory", "note": "属地"}, {"rule": "meeting", "lead": UNIT, "note": "会商"}, {"rule": "first_receiver", "note": "首接"}],
    "hand_down": [{"to": [SQUAD]}, {"to": [SQUAD, "610113-cg-01"]}, {"to": ["city-jtj"]}],
    "take_back": [acting.REASON, acting.REASON | {"units": [SQUAD]}],
    "extend": [acting.EXTEND, acting.EXTEND | {"days": 9}],
    "promise": [acting.PROMISE, acting.PROMISE | {"until": "2036-01-01"}],
    "reach_milestone": [{"progress": "已完成"}],
    "reply": [acting.REPLY, acting.REPLY | {"unreachable_reason": "三次未接"}, acting.REPLY | {"result": "explained"}],
    "approve": [{}, {"excluded": True}],
    "call_back": [CALLED, UNREACHED, UNHAPPY, EXPLAIN, {"way": "phone", "reached": True}],
    "supervise": [{"kind": "supervise", "opinion": "尽快"}],
    "finish_supervision": [{"conclusion": "已落实"}],
    "note_down": [{"note": "备注"}],
}  # fmt: skip


class Desk(RuleBasedStateMachine):
    """A few orders, everybody at work on them, and time that passes."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())
        self.time = self.stack.enter_context(frozen_time())
        self.numbers: list[str] = []
        self.looked_at = ""
        self.people = {name: who(name) for name in PEOPLE}

    def teardown(self) -> None:
        try:
            for number in self.numbers:
                assert integrity.check(number).findings == []
        finally:
            transaction.set_rollback(True)
            self.stack.close()

    @initialize(stage=st.sampled_from(STAGES))
    def first(self, stage: str) -> None:
        """The first order is somewhere on its way already."""
        self.numbers.append(order_in(stage))
        self.looked_at = self.numbers[-1]

    @precondition(lambda self: len(self.numbers) < MOST_ORDERS)
    @rule(channel=st.sampled_from(["phone", "web"]), phone=st.sampled_from(["13800005678", ""]))
    def register(self, channel: str, phone: str) -> None:
        self.numbers.append(
            registered(channel=channel, citizen_phone=phone, by=who("system" if channel == "web" else "operator"))
        )

    def told(self, name: str, chance: Random) -> dict[str, Any]:
        if name == "merge":
            return {"into": chance.choice(self.numbers)}
        default = [acting.REASON] if any(field.name == "reason" for field in ACTIONS[name].fields) else [{}]
        return chance.choice(TOLD.get(name, default))

    def press(self, number: str, name: str, person: str, told: dict[str, Any], assignment: int | None = None) -> None:
        by, before = self.people[person], acting.snapshot()
        order = WorkOrder.objects.get(number=number)
        self.looked_at = number
        try:
            perform(number, name, told, by=by, seen=order.version, assignment=assignment)
        except HuyingError:
            assert acting.snapshot() == before, f"refused, but changed: {name}"
            return
        after, event = WorkOrder.objects.get(pk=order.pk), acting.last(number)
        assert event.kind == name
        assert after.version == order.version + 1
        assert (event.from_state, event.to_state) == (order.state, after.state)
        assert after.state == order.state or after.state in ACTIONS[name].reaches

    @rule(seed=st.integers(0, 2**32), times=st.integers(4, 10))
    def some_work(self, seed: int, times: int) -> None:
        """Somebody presses a button that works, several times over."""
        chance = Random(seed)
        number = chance.choice(self.numbers)
        for _ in range(times):
            self.something_offered(number, chance)
            self.the_rules_hold()

    def something_offered(self, chosen: str, chance: Random) -> None:
        """Ends, and what leads nowhere, are pressed seldom, so that orders live long enough."""
        seldom = chance.random() < 0.15
        order = WorkOrder.objects.select_related("citizen", "parent").get(number=chosen)
        rows = list(Assignment.objects.filter(order=order).select_related("unit").order_by("pk"))
        facts = order_facts(order, rows)
        found = [
            (person, offer)
            for person in PEOPLE
            for offer in offers(facts, self.people[person], clock.now(), limits_of(policy()))
            if offer.allowed and (seldom or offer.name not in SELDOM)
        ]
        if found:
            person, offer = chance.choice(found)
            self.press(chosen, offer.name, person, self.told(offer.name, chance), offer.assignment)

    @rule(seed=st.integers(0, 2**32), name=st.sampled_from(sorted(ACTIONS)), person=st.sampled_from(PEOPLE))
    def anything(self, seed: int, name: str, person: str) -> None:
        chance = Random(seed)
        self.press(chance.choice(self.numbers), name, person, self.told(name, chance))

    @rule(hours=st.sampled_from([-5, 1, 3, 30, 100, 400]))
    def time_passes(self, hours: int) -> None:
        self.time.passes(hours=hours)

    @rule()
    def the_worker_looks(self) -> None:
        jobs.watch_clocks()
        jobs.archive_closed()

    @invariant()
    def the_rules_hold(self) -> None:
        if not self.looked_at:
            return
        order = WorkOrder.objects.select_related("parent").get(number=self.looked_at)
        state = State(order.state)
        rows = list(Assignment.objects.filter(order=order).select_related("unit"))
        clocks = list(Clock.objects.filter(order=order, stopped_at=None))
        assert derived_state(state, tuple(assignment_facts(row) for row in rows)) == state
        leads = [row for row in rows if row.part == "lead" and row.parent_id is None and row.state in ACTIVE]
        assert len(leads) <= 1
        assert order.lead_unit_id == (leads[0].unit_id if leads else order.lead_unit_id if state in ENDED else None)
        active = [row.unit_id for row in rows if row.state in ACTIVE and row.state != AssignmentState.REPLIED]
        assert len(active) == len(set(active)), "a unit holds two unfinished shares"

        assert not (state in ENDED and clocks), "a clock runs on an order that has ended"
        assert all((item.paused_at is not None) == (state in OVERLAY_STATES) for item in clocks)
        gone = {row.pk for row in rows if row.state not in ACTIVE or row.state == AssignmentState.REPLIED}
        assert not [item for item in clocks if item.assignment_id in gone], (
            "a clock runs for a unit that has nothing to do"
        )
        lit = [item for item in clocks if item.paused_at is None and item.kind != "return_window"]
        assert (order.due_at is None) == (not lit)

        asked = {(item.assignment_id, item.kind) for item in Application.objects.filter(order=order, status="pending")}
        flags = {(row.pk, "extension") for row in rows if row.pending_extension} | {
            (row.pk, "promise") for row in rows if row.pending_promise
        }
        flags |= {(row.pk, "return") for row in rows if row.state == AssignmentState.RETURN_REQUESTED}
        assert asked == flags

        facts = ("warned", "breached", "took_in", "let_go")
        events = list(
            Event.objects.filter(order=order).order_by("seq").values_list("seq", "kind", "from_state", "to_state", "at")
        )
        assert [item[0] for item in events] == list(range(1, order.last_seq + 1))
        assert order.version == sum(1 for item in events if item[1] not in facts)
        assert all(one[3] == two[2] and one[4] <= two[4] for one, two in pairwise(events))
        assert (events[-1][3], events[-1][4]) == (state, order.changed_at)
        assert order.children_count == WorkOrder.objects.filter(parent=order).count()
        assert (order.outcome == "merged") == (order.parent_id is not None)
        assert order.parent is None or order.parent.parent_id is None
        assert (state in ENDED) == bool(order.outcome) == (order.closed_at is not None)


@pytest.mark.django_db
def test_the_rules_hold_whatever_people_do() -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True,
            database=None, derandomize=True,
        ),
    )  # fmt: skip
