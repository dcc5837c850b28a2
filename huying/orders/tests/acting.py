"""Acting 演练: people, an order in any stage, verbs done and refused, and all that a refusal must leave as it was."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from django.db import connection, models
from procrastinate.contrib.django.models import ProcrastinateJob

from huying.kernel import clock
from huying.kernel.clock import LOCAL
from huying.kernel.errors import HuyingError
from huying.matters import queries as matters
from huying.matters.models import LimitRule, Policy
from huying.orders import history
from huying.orders.flow import ACTIONS, Actor
from huying.orders.models import (
    Application,
    Assignment,
    CallBackAttempt,
    Clock,
    Event,
    Milestone,
    Notice,
    Supervision,
    WorkOrder,
)
from huying.orders.operations import perform, register
from huying.orders.operations.registering import Submission
from huying.orders.reading import SYSTEM, actor_of
from huying.people.models import Staff, Team, Unit

T0 = datetime(2026, 3, 10, 10, 0, tzinfo=LOCAL)  # a Tuesday, far from any holiday
UNIT, SQUAD, STREET, OTHER, CITY_UNIT = "610113-cg", "610113-cg-03", "610113003", "610113-zj", "city-cgj"
GONE_NUMBER = "202603100000000"  # its check digit is wrong


class Time:
    """The city's clock in a test: `time.passes(hours=2)`, `time.is_now(moment)`."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.is_now(T0)

    def is_now(self, moment: datetime) -> None:
        """Set it, forwards or backwards."""
        self._stack.enter_context(clock.frozen(moment))

    def passes(self, **amount: float) -> None:
        """Move it on."""
        self.is_now(clock.now() + timedelta(**amount))


@contextmanager
def frozen_time() -> Iterator[Time]:
    """A clock that only the test moves."""
    with ExitStack() as stack:
        yield Time(stack)


@pytest.fixture
def time(db: None) -> Iterator[Time]:
    """The clock held at a Tuesday morning."""
    with frozen_time() as held:
        yield held


# -- people


@cache
def _demo_account(role: str) -> Actor:
    """These are loaded once for the whole session."""
    return actor_of(Staff.objects.select_related("unit", "team").get(username=role))


def who(name: str) -> Actor:
    """`dispatcher`; `handler@610113003` of another unit; `leader#2` another person of the role, in another team."""
    if name == "system":
        return SYSTEM
    role, _, unit = name.partition("@")
    role, _, twin = role.partition("#")
    if not unit and not twin and role != "head":
        return _demo_account(role)
    team = Team.objects.get_or_create(name=f"{twin}班")[0] if twin and role in ("operator", "leader") else None
    of = Unit.objects.get(code=unit or (UNIT if role in ("handler", "head") else "city-gov-hotline"))
    staff, _ = Staff.objects.get_or_create(
        username=name, defaults={"name": name, "unit": of, "roles": [role], "team": team}
    )
    return actor_of(staff)


# -- an order in any stage

Step = tuple[str, str, dict[str, Any]]
REASON = {"reason": "情况特殊，见说明"}
CALLED: dict[str, Any] = {"way": "phone", "reached": True, "solved": True, "satisfied": "satisfied"}
UNREACHED: dict[str, Any] = {"way": "phone", "reached": False}
UNHAPPY: dict[str, Any] = {
    "way": "phone",
    "reached": True,
    "solved": False,
    "satisfied": "unsatisfied",
    "reason": "第二天又摆出来了",
}
REPLY: dict[str, Any] = {"result": "solved", "content": "中队已到现场清理，并安排每晚巡查，责任人雷某某。"}
CONTACT: dict[str, Any] = {"way": "phone", "reached": True, "record": "约定当晚到现场"}
RETURN: dict[str, Any] = {"reason": "不属本单位职责", "legal_basis": "三定规定第四条", "suggested_unit": OTHER}
EXTEND: dict[str, Any] = {"days": 3, "reason": "需采购设备", "told_citizen": True}
PROMISE: dict[str, Any] = {
    "until": "2026-09-30", "reason": "需列入年度计划",
    "milestones": [{"title": "立项", "due_on": "2026-05-01"}, {"title": "施工", "due_on": "2026-08-01"}],
}  # fmt: skip
REFUSE: dict[str, Any] = {
    "reason_code": "petition",
    "explanation": "已进入信访渠道，请向原受理机关查询",
    "told_citizen": True,
}
EXPLAIN: dict[str, Any] = UNHAPPY | {"next": "explain_close"}

DISPATCH: Step = ("dispatch", "dispatcher", {"lead": UNIT})
ACCEPT: Step = ("accept", "handler", {})
CONTACTED: Step = ("contact", "handler", CONTACT)
TO_REVIEW = [DISPATCH, ACCEPT, CONTACTED, ("reply", "handler", REPLY)]
TO_CALL_BACK = [*TO_REVIEW, ("approve", "approver", {})]
PROMISED = [DISPATCH, ACCEPT, CONTACTED, ("promise", "handler", PROMISE), ("approve_promise", "dispatcher", {})]

STAGES: dict[str, list[Step]] = {
    "draft": [],
    "registered": [],
    "refusal": [("refuse", "operator", REFUSE)],
    "refused": [("refuse", "operator", REFUSE), ("pass_review", "leader", {})],
    "awaiting": [("ask_citizen", "dispatcher", {"question": "请问是哪个路口？"})],
    "dispatched": [DISPATCH],
    "with_assisting": [("dispatch", "dispatcher", {"lead": UNIT, "assisting": [OTHER]})],
    "accepted": [DISPATCH, ACCEPT],
    "contacted": [DISPATCH, ACCEPT, CONTACTED],
    "return_asked": [DISPATCH, ("send_back", "handler", RETURN)],
    "disputed": [("convene", "dispatcher", REASON)],
    "handed_down": [DISPATCH, ACCEPT, CONTACTED, ("hand_down", "handler", {"to": [SQUAD]})],
    "extension_asked": [DISPATCH, ACCEPT, CONTACTED, ("extend", "handler", EXTEND)],
    "promise_asked": PROMISED[:-1],
    "promised": PROMISED,
    "reply_review": TO_REVIEW,
    "to_call_back": TO_CALL_BACK,
    "explained": [*TO_CALL_BACK, ("call_back", "callback", EXPLAIN)],
    "redone": [*TO_CALL_BACK, ("redo", "callback", REASON)],
    "closed": [*TO_CALL_BACK, ("call_back", "callback", CALLED)],
    "archived": [*TO_CALL_BACK, ("call_back", "callback", CALLED), ("archive", "supervisor", {})],
    "supervised": [DISPATCH, ("supervise", "supervisor", {"kind": "supervise", "opinion": "领导批示"})],
    "suspended": [DISPATCH, ACCEPT, ("suspend", "dispatcher", REASON)],
    "voided": [("void", "dispatcher", REASON)],
}  # fmt: skip


def registered(*, by: Actor | None = None, **changes: Any) -> str:
    """The number of a new order: a complaint about a street market."""
    values: dict[str, Any] = {
        "channel": "phone", "nature": "complaint", "title": "夜市占道", "content": "长延堡街道夜市摊位占满人行道，晚上没法走路。",
        "matter": "010201", "place_text": "雁塔区长延堡街道某某路口", "street": STREET, "citizen_name": "杨试试",
        "citizen_phone": "13800005678", "urgency": "normal",
    } | changes  # fmt: skip
    return register(Submission(**values), by=by or who("operator")).number


def do(number: str, verb: str, name: str, /, **told: Any) -> WorkOrder:
    """A verb that must succeed."""
    return perform(number, verb, told, by=who(name)).order


def order_in(stage: str, **changes: Any) -> str:
    """The number of an order that has come to a stage by the verbs that lead there."""
    if stage == "merged":
        number, parent = registered(**changes), registered()
        do(number, "merge", "dispatcher", into=parent)
        return number
    if stage == "parent":
        number = registered(**changes)
        do(registered(), "merge", "dispatcher", into=number)
        return number
    if stage == "sampled":
        with_policy(review_share=1)
        number = registered(**changes)
        with_policy(review_share=0)
        return number
    if stage == "unit_review":
        Unit.objects.filter(code=UNIT).update(own_review=True)
        return order_in("reply_review", **changes)
    number = registered(submit=stage not in ("draft", "refusal", "refused"), **changes)
    for verb, name, told in STAGES[stage]:
        do(number, verb, name, **told)
    return number


def with_policy(**values: Any) -> None:
    """Change numbers of the policy in force."""
    Policy.objects.update(**values)
    matters.clear()


def with_limit(kind: str, amount: float, measure: str, **where: Any) -> None:
    """Change the time limits of a kind."""
    LimitRule.objects.filter(kind=kind, **where).update(amount=amount, measure=measure)
    matters.clear()


# -- looking


def row(number: str) -> WorkOrder:
    """The order as the database has it."""
    return WorkOrder.objects.select_related("citizen", "parent", "lead_unit").get(number=number)


def shares(number: str) -> dict[str, Assignment]:
    """The newest share of each unit, by unit code."""
    return {
        item.unit.code: item
        for item in Assignment.objects.filter(order__number=number).select_related("unit").order_by("pk")
    }


def running(number: str, unit: str = "") -> dict[str, Clock]:
    """Clocks not stopped, by kind: of the order, or of one unit's shares."""
    found = Clock.objects.filter(order__number=number, stopped_at=None)
    found = found.filter(assignment__unit__code=unit) if unit else found
    return {item.kind: item for item in found.order_by("pk")}


def last(number: str) -> Event:
    """The newest event."""
    return Event.objects.filter(order__number=number).order_by("-seq")[0]


def queued(number: str) -> list[str]:
    """The templates of the notices queued for the order's citizen, in order."""
    jobs = ProcrastinateJob.objects.filter(task_name="orders.send_notice").order_by("pk")
    pk = row(number).pk
    return [job.args["template"] for job in jobs if job.args["order"] == pk]


KEPT: tuple[type[models.Model], ...] = (
    WorkOrder, Assignment, Clock, Event, Application, Milestone, CallBackAttempt, Supervision, Notice,
)  # fmt: skip


def snapshot() -> dict[str, str]:
    """A fingerprint of every table that a verb could have touched, over all its rows and columns. One statement."""
    tables = (*(model._meta.db_table for model in KEPT), "procrastinate_jobs")
    parts = (f"SELECT '{name}', md5(string_agg(t::text, '|' ORDER BY t.id)) FROM {name} t" for name in tables)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


@contextmanager
def untouched() -> Iterator[None]:
    """Whatever happens inside changes no row."""
    before = snapshot()
    yield
    assert snapshot() == before, "a refused verb changed something"


def fault_of(number: str, verb: str, name: str, /, **told: Any) -> HuyingError:
    """The refusal of a verb."""
    with pytest.raises(HuyingError) as fault:
        perform(number, verb, told, by=who(name))
    return fault.value


def refused(number: str, verb: str, name: str, /, **told: Any) -> HuyingError:
    """The refusal of a verb, which changed nothing."""
    who(name)  # an account that is made for it is no change
    with untouched():
        return fault_of(number, verb, name, **told)


# -- tables of cases, one line per thing that must work or must be refused


@dataclass(frozen=True)
class Works:
    """A verb that works: the stage before, who, what is told; the state after, what the event says, clocks, notices."""

    verb: str
    stage: str
    who: str
    told: dict[str, Any] = field(default_factory=dict)
    state: str = ""
    starts: frozenset[str] = frozenset()
    stops: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()
    says: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.verb}-{self.stage}"


@dataclass(frozen=True)
class Refuses:
    """A verb that is refused with a code; `before` makes the circumstances, `order` changes what is registered."""

    verb: str
    stage: str
    who: str
    code: str
    told: dict[str, Any] = field(default_factory=dict)
    before: Callable[[str, Time], object] | None = None
    order: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.verb}-{self.code}-{self.stage}"


def check_works(case: Works) -> None:
    """Do it and compare all that every verb has in common: state, one event, version, clocks, notices."""
    number = order_in(case.stage)
    before, clocks, notices = row(number), set(running(number)), queued(number)
    told = {name: value(number) if callable(value) else value for name, value in case.told.items()}
    do(number, case.verb, case.who, **told)
    after, event = row(number), last(number)
    assert after.state == case.state or (not case.state and after.state == before.state)
    assert (event.kind, event.from_state, event.to_state) == (case.verb, before.state, after.state)
    assert after.version == before.version + 1
    assert event.seq == after.last_seq == before.last_seq + 1
    assert bytes(event.hash) == bytes(after.last_hash) == history.link(before.last_hash, number, event)
    assert (event.actor_name, event.role) == (who(case.who).name, who(case.who).role)
    kept = {name.removeprefix(history.SEALED) for name in event.content}
    assert {name for name, value in told.items() if value not in ("", None, [])} <= kept
    assert set(case.says) <= kept
    assert set(running(number)) == (clocks | case.starts) - case.stops
    assert queued(number) == [*notices, *case.notices]
    assert after.state == before.state or after.state in ACTIONS[case.verb].reaches


def check_refuses(case: Refuses, time: Time) -> None:
    """It is refused with its code, in Chinese, and nothing changed."""
    number = order_in(case.stage, **case.order)
    if case.before:
        case.before(number, time)
    told = {name: value(number) if callable(value) else value for name, value in case.told.items()}
    fault = refused(number, case.verb, case.who, **told)
    assert fault.code == case.code
    assert any("\u4e00" <= letter <= "\u9fff" for letter in fault.sentence)


def on(text: str) -> date:
    """A day, from its usual form."""
    return date.fromisoformat(text)
