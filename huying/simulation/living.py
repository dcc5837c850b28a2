"""The living city 活的城市: citizens go on calling and units go on working beside the people who try the demo.

Real time; `speed` says how many minutes of the city's work go into one real minute. What people of the demo accounts
work on is left to them, and so are the last orders in each of their queues.
"""

import heapq
import logging
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random

from django.db import DatabaseError, close_old_connections

from huying.kernel import clock
from huying.kernel.errors import HuyingError
from huying.orders.flow import State
from huying.orders.models import OPEN, Assignment, Event, WorkOrder
from huying.orders.moving import RELATED
from huying.orders.operations import perform, register

from .acting import next_step
from .arrivals import BURST_TOPICS, HOURS
from .coverage import HANDLER_UNIT
from .history import Caller
from .pacing import Hurried
from .plans import draw
from .scenery import Spot
from .staffing import Crew
from .topics import Topic, by_key, of_leaf
from .turning import Case, Routing, Step, Surroundings

logger = logging.getLogger(__name__)

CALLS_A_DAY = 10_000
FEWEST_A_MINUTE, MOST_A_MINUTE = 1.5, 3.0  # lists stay readable, whatever the speed
MOST_OPEN = 260
MOST_AT_HANDLER = 30
MOST_KNOWN_CASES = 400
MOST_REMEMBERED = 3000
LEFT_ALONE = timedelta(minutes=30)
ADOPT_EVERY, ADOPTED_AT_ONCE = timedelta(seconds=5), 8  # few at a time: asked to stop, it stops within a second
POSTPONED = timedelta(minutes=4)
STEPS_A_TICK = 4
TICK_SECONDS = 0.5
WAIT_FOR_DATABASE = 3.0
EVENT_CHANCE = 0.02  # of an arrival to be the first of several about one event
MOST_REFUSALS = 3

# verb -> (queue, how many of it are left for people)
FLOORS: dict[str, tuple[str, int]] = {
    **dict.fromkeys(("pass_review", "fail_review"), (State.IN_REVIEW, 3)),
    **dict.fromkeys(("dispatch", "merge", "convene"), (State.TO_DISPATCH, 5)),
    **dict.fromkeys(("approve_return", "refuse_return"), ("returns", 2)),
    **dict.fromkeys(("approve_extension", "refuse_extension", "approve_promise", "refuse_promise"), ("requests", 2)),
    **dict.fromkeys(("approve", "reject"), (State.REPLY_REVIEW, 5)),
    **dict.fromkeys(("call_back", "close_unreached"), (State.TO_CALL_BACK, 6)),
    "arbitrate": (State.DISPUTED, 2), "supplement": (State.AWAITING_CITIZEN, 2), "resume": (State.SUSPENDED, 1),
    "finish_supervision": ("supervised", 3),
}  # fmt: skip


@dataclass(slots=True)
class Coming:
    """A caller about to ring about an event that others ring about too."""

    at: datetime
    topic: Topic
    spot: Spot
    cases: list[Case]


class Living:
    """One city that goes on. `tick` does what is due; everything random comes from `seed`."""

    def __init__(self, *, seed: str, speed: float, stopping: Callable[[], bool] = lambda: False) -> None:
        self.speed = speed
        self.stopping = stopping
        self.rng = Random(seed)
        self.crew = Crew()
        self.routing = Routing()
        self.around = Surroundings(self.crew, self.routing, lambda now, rng: Hurried(now, rng, speed))
        self.caller = Caller(seed)
        self.cases: dict[str, Case] = {}
        self.did: Counter[str] = Counter()
        self.next_call = clock.now()
        self.next_adoption = clock.now()
        self.coming: list[Coming] = []
        self._queue: list[tuple[datetime, int, Case, Step]] = []
        self._tie = count()
        unit = self.routing.units.get(HANDLER_UNIT)
        self.handler_unit = unit.pk if unit else None

    def tick(self) -> None:
        """Whatever is due now: at most one call and a few moves."""
        now = clock.now()
        if now >= self.next_adoption:
            self.adopt(now)
            self.next_adoption = now + ADOPT_EVERY
        if self.coming and self.coming[0].at <= now:
            coming = self.coming.pop(0)
            self.call(now, coming)
        elif now >= self.next_call:
            self.next_call = now + timedelta(seconds=self.rng.uniform(0.6, 1.4) * 60 / self.calls_a_minute(now))
            if WorkOrder.objects.filter(OPEN).count() < MOST_OPEN:
                self.call(now)
        for _ in range(STEPS_A_TICK):
            if not self._queue or self._queue[0][0] > now or self.stopping():
                break
            _, _, case, step = heapq.heappop(self._queue)
            self.act(now, case, step)

    def calls_a_minute(self, now: datetime) -> float:
        """The city's rate of the hour at this speed, kept within what a person can follow."""
        share = HOURS[clock.local(now).hour] / (sum(HOURS) / len(HOURS))
        return min(MOST_A_MINUTE, max(FEWEST_A_MINUTE, CALLS_A_DAY / 1440 * share * self.speed / 60))

    # -- callers

    def call(self, now: datetime, coming: Coming | None = None) -> Case:
        """Somebody asks."""
        if coming is None and self.rng.random() < EVENT_CHANCE:
            coming = self._event(now)
        submission, topic, _ = self.caller.request(
            now, self.rng, topic=coming.topic if coming else None, spot=coming.spot if coming else None,
            nature="complaint" if coming else None,
        )  # fmt: skip
        plan = draw(submission.nature, 0.0 if coming else topic.answered_at_once(submission.nature), self.rng)
        operator = self.crew.operator(now, self.rng, demo=False)
        draft = plan.path in ("answer", "transfer", "refuse")
        order = register(replace(submission, submit=not draft), by=operator)
        case = Case(order, plan, Random(order.number))
        if coming:
            case.parent = coming.cases[0] if coming.cases else None
            coming.cases.append(case)
        self.did["registered"] += 1
        self._remember(case)
        self._plan_next(case, now)
        self._forget()
        return case

    def _event(self, now: datetime) -> Coming:
        key, place = self.rng.choice(BURST_TOPICS)
        topic = by_key(key)
        if not topic.in_season(clock.local(now).date()):
            topic = by_key("power-cut")
        first = Coming(now, topic, self.caller.gazetteer.spot(place, self.rng), [])
        self.coming += [
            replace(first, at=now + timedelta(seconds=self.rng.randint(15, 40) * (caller + 1)))
            for caller in range(self.rng.randint(2, 4))
        ]
        return first

    # -- orders that are there already

    def adopt(self, now: datetime) -> None:
        """Take up open orders that nobody here knows of: from the history, from the person at the demo, from channels."""
        room = min(ADOPTED_AT_ONCE, MOST_KNOWN_CASES - len(self.cases))
        if room <= 0:
            return
        known = list(self.cases)
        found = WorkOrder.objects.filter(OPEN).exclude(number__in=known).exclude(operator_id__in=self.crew.shown)
        for order in found.select_related(*RELATED).defer("search").order_by("-received_at")[:room]:
            if self.stopping():
                return
            topic = of_leaf(order.matter_id or "")
            case = Case(order, draw(order.nature, 0.0, Random(order.number)), Random(f"{order.number}-{order.version}"))
            case.plan.path = "answer" if order.state == State.DRAFT and topic.answer else case.plan.path
            self._refresh(case)
            self._remember(case)
            self._plan_next(case, now)

    def _refresh(self, case: Case) -> None:
        """Look at the order anew: a person may have moved it."""
        order = WorkOrder.objects.select_related(*RELATED).defer("search").get(pk=case.order.pk)
        kinds = Event.objects.filter(order=order).values_list("kind", flat=True)
        refused = Counter({kind: times for kind, times in case.done.items() if kind.startswith("refused:")})
        case.order, case.done = order, Counter(kinds) + refused
        case.rows = list(Assignment.objects.filter(order=order).select_related("unit").order_by("pk"))

    def _remember(self, case: Case) -> None:
        self.cases[case.order.number] = case

    def _forget(self) -> None:
        """Keep memory bounded, however long this runs."""
        if len(self.caller.texts) > MOST_REMEMBERED:
            self.caller.texts.clear()
        del self.caller.citizens.known[MOST_REMEMBERED:]

    # -- moves

    def _plan_next(self, case: Case, now: datetime) -> None:
        step = next_step(self.around, case, now)
        if step is None:
            self.cases.pop(case.order.number, None)
        else:
            heapq.heappush(self._queue, (step.at, next(self._tie), case, step))

    def _later(self, case: Case, step: Step, now: datetime) -> None:
        at = now + POSTPONED * self.rng.uniform(0.6, 1.5)
        heapq.heappush(self._queue, (at, next(self._tie), case, step))

    def act(self, now: datetime, case: Case, step: Step) -> bool:
        """Make a move, unless a person is at it or it would empty their queue; True when it was made."""
        if self.is_somebodys(case.order, now) or self.would_empty(step):
            self._later(case, step, now)
            return False
        before = case.order.version
        try:
            move = perform(case.order.number, step.verb, step.told, by=step.by, seen=before, assignment=step.share)
        except HuyingError as fault:
            logger.debug("%s %s: %s", case.order.number, step.verb, fault.code)
            self.did[f"refused: {fault.code}"] += 1
            case.done[f"refused:{step.verb}"] += fault.code != "stale"
            if case.done[f"refused:{step.verb}"] > MOST_REFUSALS:
                self.cases.pop(case.order.number, None)
                return False
            self._refresh(case)
            self._plan_next(case, now + timedelta(seconds=20))
            return False
        self.did[step.verb] += 1
        case.order, case.rows = move.order, move.assignments
        case.done[step.verb] += 1
        self._plan_next(case, now)
        return True

    def is_somebodys(self, order: WorkOrder, now: datetime) -> bool:
        """True for what a demo account registered, or touched within the last half hour."""
        if order.operator_id in self.crew.shown:
            return True
        return Event.objects.filter(order=order, actor_id__in=self.crew.shown, at__gte=now - LEFT_ALONE).exists()

    def would_empty(self, step: Step) -> bool:
        """True when the move would take one of the last orders out of a demo account's queue."""
        if self.handler_unit is not None and step.by.unit_id == self.handler_unit:
            own = Assignment.objects.filter(unit_id=self.handler_unit, state__in=("to_accept", "handling"))
            return own.filter(order__in=WorkOrder.objects.filter(OPEN)).count() <= MOST_AT_HANDLER
        if step.verb not in FLOORS:
            return False
        queue, floor = FLOORS[step.verb]
        orders = WorkOrder.objects.filter(OPEN)
        match queue:
            case "returns":
                found = Assignment.objects.filter(state="return_requested").count()
            case "requests":
                found = Assignment.objects.filter(pending_extension=True).count()
                found += Assignment.objects.filter(pending_promise=True).count()
            case "supervised":
                found = orders.filter(supervised=True).count()
            case _:
                found = orders.filter(state=queue).count()
        return found <= floor


def run(*, seed: int, speed: float, stop: threading.Event) -> Counter[str]:
    """Go on until told to stop; a database that is away is waited for."""
    city: Living | None = None
    while not stop.is_set():
        try:
            if city is None:
                city = Living(seed=f"{seed}-living-{WorkOrder.objects.count()}", speed=speed, stopping=stop.is_set)
            city.tick()
        except DatabaseError as fault:
            logger.warning("the database does not answer (%s); trying again", type(fault).__name__)
            close_old_connections()
            city = None
            stop.wait(WAIT_FOR_DATABASE)
        stop.wait(TICK_SECONDS)
    return city.did if city else Counter()
