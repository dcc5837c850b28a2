"""The history of the city 历史工单: weeks of requests lived through in order of time, by the real verbs, at frozen times.

One transaction: either the city is filled or nothing has happened. Notices are made at their time instead of being
queued, so that the worker does not send weeks of them when it starts; of the oldest none are made.
"""

import gc
import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from huying.citizens.models import Citizen
from huying.kernel import clock
from huying.kernel.errors import HuyingError
from huying.matters.models import Matter
from huying.orders import jobs
from huying.orders.flow import State
from huying.orders.models import Clock, WorkOrder
from huying.orders.operations import perform, register
from huying.orders.operations.registering import Submission
from huying.orders.reading import SYSTEM

from .acting import next_step
from .arrivals import CHANNELS, bursts, moments
from .citizens import Citizens, Person
from .coverage import Wanted, wanted_cases
from .pacing import Pace
from .plans import Plan, draw
from .scenery import Gazetteer, Spot
from .staffing import Crew, employ
from .tables import bigrams, weighted
from .topics import Topic, by_key, choose, leaves_used, nature_of
from .turning import Case, Routing, Step, Surroundings
from .wording import compose, register_of, slots_for

DAY = timedelta(days=1)
ORDERS = 800  # about 5,000 moves: a first start that one can wait for
BURST_SHARE = 0.03  # bursts per request
MOST_REFUSALS = 4
NOTICES_KEPT = 10 * DAY  # older short messages would double the work and nobody reads them
WATCHED_LATE = timedelta(seconds=40)  # the watching job comes round once a minute


@dataclass(slots=True)
class Report:
    """What was made."""

    orders: int = 0
    moves: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    texts: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Arrival:
    """A request about to come in; what is None is left to chance."""

    at: datetime
    topic: Topic | None = None
    spot: Spot | None = None
    wanted: Wanted | None = None
    follows: list[Case] | None = None  # the cases of one event, the first of which is the parent


class Caller:
    """Makes requests: topic, place, person, words. Used by the history and by the living city."""

    def __init__(self, seed: str) -> None:
        self.gazetteer = Gazetteer()
        self.citizens = Citizens(Random(f"{seed}-citizens"))
        self.texts: set[str] = set()
        rows = Matter.objects.filter(code__in=leaves_used())
        self.leaves = {
            row.code: bigrams(f"{row.name}，{'，'.join((*row.synonyms, *row.everyday))}") for row in rows
        }  # fmt: skip

    def leaf(self, topic: Topic, text: str, rng: Random) -> str:
        """The leaf of a topic that fits a text best."""
        wanted = bigrams(text)
        return max(topic.leaves, key=lambda code: len(self.leaves[code] & wanted) + rng.random())

    def request(
        self, at: datetime, rng: Random, *, topic: Topic | None = None, spot: Spot | None = None, nature: str | None = None,
        channel: str | None = None, street: str | None = None, leaf: str | None = None,
    ) -> tuple[Submission, Topic, Person]:  # fmt: skip
        """One request in words nobody used before."""
        topic = topic or choose(clock.local(at).date(), rng)
        nature = nature or nature_of(topic, rng)
        channel = channel or str(weighted(CHANNELS, rng))
        person = self.citizens.caller(street or self.gazetteer.street_by_chance(rng), rng)
        spot = spot or self.gazetteer.spot(topic.place, rng, street or (person.home if topic.place == "home" else None))
        while True:
            slots = slots_for(topic, spot, at, rng, title=person.title, age=person.age)
            title, content = compose(topic, nature, register_of(channel, person.age, nature, rng), slots, channel)
            if content not in self.texts:
                break
        self.texts.add(content)
        anonymous = rng.random() < (0.3 if nature == "report" else 0.04)
        named = not anonymous and rng.random() > 0.08
        return (
            Submission(
                channel=channel, nature=nature, title=title, content=content,
                matter=leaf or self.leaf(topic, f"{title}，{content}", rng),
                place_text=spot.address + (spot.house if spot.name else ""), street=spot.street, lat=spot.lat, lng=spot.lng,
                citizen_name=person.name if named else "", citizen_phone="" if anonymous and rng.random() < 0.5 else person.phone,
                citizen_title=person.title, anonymous=anonymous, urgency=topic.urgency, received_at=at, submit=True,
            ),
            topic,
            person,
        )  # fmt: skip


class History:
    """Lives through the time up to `now`. `say` hears of the progress: (orders so far, of how many, moment)."""

    def __init__(
        self, *, seed: int, orders: int, days: int, now: datetime, covering: bool, say: Callable[[int, int, datetime], None]
    ) -> None:  # fmt: skip
        self.seed, self.count, self.now, self.covering, self.say = seed, orders, now, covering, say
        self.first = now - days * DAY
        self.rng = Random(f"{seed}-city")
        self.crew = Crew()
        self.around = Surroundings(self.crew, Routing(), Pace)
        self.caller = Caller(str(seed))
        self.report = Report()
        self.cases: list[Case] = []
        self._queue: list[tuple[datetime, int, Callable[[], None]]] = []
        self._tie = count()
        self._clocks: dict[int, list[Clock]] = {}
        self._jobs = InMemoryConnector()

    def live(self) -> Report:
        """Everything that happens before now."""
        for place, arrival in enumerate(self._arrivals()):
            self._at(arrival.at, self._arriving(arrival, place))
        with _queue_in_memory(self._jobs):
            while self._queue:
                at, _, happen = heapq.heappop(self._queue)
                if at > self.now:
                    break
                with clock.frozen(at):
                    happen()
        return self.report

    def _at(self, at: datetime, happen: Callable[[], None]) -> None:
        heapq.heappush(self._queue, (at, next(self._tie), happen))

    def _arrivals(self) -> list[Arrival]:
        found: list[Arrival] = []
        for wanted in wanted_cases(self.now) if self.covering else []:
            street = wanted.street or None
            topic = by_key(wanted.topic) if wanted.topic else None
            spot = self.caller.gazetteer.spot(topic.place, self.rng, street) if topic else None
            found += [Arrival(wanted.at, topic, spot, wanted)]
            if wanted.followers:
                event: list[Case] = []
                found[-1].follows = event
                found += [
                    Arrival(wanted.at + timedelta(minutes=9 * place + 7), topic, spot, wanted, event)
                    for place in range(wanted.followers)
                ]
        for burst in bursts(self.first, self.now, int(self.count * BURST_SHARE / 5), self.rng):
            topic = by_key(burst.topic)
            spot, event = self.caller.gazetteer.spot(burst.place, self.rng), []
            found += [
                Arrival(
                    burst.at + timedelta(minutes=self.rng.randint(0, 260) if place else 0), topic, spot, None, event
                )
                for place in range(burst.callers)
            ]
        left = max(0, self.count - len(found))
        found += [Arrival(at) for at in moments(self.first, self.now, left, self.rng)]
        return sorted(found, key=lambda arrival: arrival.at)

    def _arriving(self, arrival: Arrival, place: int) -> Callable[[], None]:
        def happen() -> None:
            rng = Random(f"{self.seed}-{place}")
            wanted, topic, spot = arrival.wanted, arrival.topic, arrival.spot
            follower = bool(arrival.follows)
            eventful = arrival.follows is not None
            nature = (
                wanted.nature
                if wanted
                else "complaint"
                if eventful and topic and topic.key != "power-cut"
                else "help"
                if eventful
                else None
            )
            submission, topic, person = self.caller.request(
                arrival.at,
                rng,
                topic=topic,
                spot=spot,
                nature=nature or None,
                channel=wanted.channel or None if wanted else None,
                leaf=(wanted.leaf or None) if wanted else None,
            )
            if wanted:
                plan = Plan(**wanted.plan) if not follower else Plan(unmerge=wanted.plan.get("unmerge", False))
            elif eventful:
                plan = Plan(pace=0.6)
            else:
                plan = draw(submission.nature, topic.answered_at_once(submission.nature), rng)
            operator = (
                self.crew.demo(wanted.operator) if wanted and wanted.operator else self.crew.operator(arrival.at, rng)
            )
            if operator.id in self.crew.shown and not wanted:
                plan.hold = ""
            case = self._register(submission, plan, operator, person, rng)
            if follower and arrival.follows:
                case.parent = arrival.follows[0]
            if arrival.follows is not None:
                arrival.follows.append(case)
            self._go_on(case)

        return happen

    def _register(self, submission: Submission, plan: Plan, operator: Any, person: Person, rng: Random) -> Case:
        draft = plan.path in ("answer", "transfer", "refuse") or plan.hold == "draft"
        order = register(replace(submission, submit=not draft), by=operator)
        if person.marks and not order.citizen.anonymous and not order.citizen.marks:
            order.citizen.marks = list(person.marks)
            Citizen.objects.filter(pk=order.citizen_id).update(marks=order.citizen.marks)
        case = Case(order, plan, rng)
        case.done["registered"] += 1
        self.cases.append(case)
        self.report.orders += 1
        self.report.texts.add(order.content)
        if self.report.orders % 50 == 0:
            self.say(self.report.orders, self.count, clock.now())
        self._watch(case, list(Clock.objects.filter(order=order)))
        self._send_notices()
        return case

    def _go_on(self, case: Case) -> None:
        step = next_step(self.around, case, clock.now())
        if step is not None:
            self._at(step.at, lambda: self._do(case, step))
        elif case.order.state == State.CLOSED and case.order.closed_at:
            ripe = clock.local(case.order.closed_at + 7 * DAY + timedelta(minutes=43))
            self._at(ripe.replace(minute=17, second=2), lambda: self._archive(case))

    def _do(self, case: Case, step: Step) -> None:
        if not self._perform(case, step):
            case.done[f"refused:{step.verb}"] += 1
            if sum(times for kind, times in case.done.items() if kind.startswith("refused:")) > MOST_REFUSALS:
                return  # nobody insists for ever; it stays where it is for a person to look at
        self._go_on(case)

    def _perform(self, case: Case, step: Step) -> bool:
        try:
            move = perform(case.order.number, step.verb, step.told, by=step.by, assignment=step.share)
        except HuyingError as fault:
            self.report.refusals[f"{step.verb}: {fault.code}"] += 1
            return False
        case.order, case.rows = move.order, move.assignments
        case.done[step.verb] += 1
        self.report.moves += 1
        self._watch(case, move.clocks)
        self._send_notices()
        return True

    def _archive(self, case: Case) -> None:
        if case.order.state == State.CLOSED:
            self._perform(case, Step("archive", SYSTEM, {}, clock.now()))

    # -- what jobs do meanwhile

    def _send_notices(self) -> None:
        """The jobs that this move queued, done now."""
        waiting, self._jobs.jobs = dict(self._jobs.jobs), {}
        if clock.now() < self.now - NOTICES_KEPT:
            return
        for job in waiting.values():
            jobs.send_notice(**job["args"])

    def _watch(self, case: Case, running: list[Clock]) -> None:
        """Look again when a clock of the order comes near to its end, and when it is over."""
        self._clocks[case.order.pk] = [item for item in running if item.stopped_at is None and item.paused_at is None]
        for item in self._clocks[case.order.pk]:
            for at, seen in ((item.warn_at, item.warned_at), (item.due_at, item.breached_at)):
                if seen is None and at <= self.now:
                    self._at(max(at, clock.now()) + WATCHED_LATE, lambda pk=item.pk, case=case: self._look(case, pk))  # type: ignore[misc]  # bound now

    def _look(self, case: Case, pk: int) -> None:
        item = next((one for one in self._clocks[case.order.pk] if one.pk == pk), None)
        if item is None or item.breached_at or item.kind == "return_window":
            return
        now = clock.now()
        if now <= item.warn_at or (item.warned_at and now <= item.due_at):
            return
        jobs.watch(pk, case.order.pk)
        item.warned_at = item.warned_at or now
        if now > item.due_at:
            item.breached_at = now
            case.order.refresh_from_db(fields=["urge_count", "version", "last_seq", "last_hash"])


@contextmanager
def _queue_in_memory(connector: InMemoryConnector) -> Iterator[None]:
    with app.replace_connector(connector):
        yield


def filled() -> bool:
    """True when there are orders already."""
    return WorkOrder.objects.exists()


def fill(
    *, seed: int, orders: int = ORDERS, days: int = 60, now: datetime | None = None, covering: bool = True,
    say: Callable[[int, int, datetime], None] = lambda made, of, at: None,
) -> Report | None:  # fmt: skip
    """Fill an empty city with its history; None when it is filled already. The same seed and now give the same city.

    `covering` adds the requests of coverage.py that make sure nothing is missing, however few orders are asked for.
    """
    with transaction.atomic():
        if filled():
            return None
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO OFF")
            # a dozen tables are joined to lock an order: looking for the best order of joins takes longer than joining
            cursor.execute("SET LOCAL join_collapse_limit TO 1")
            # no number was ever given out, so that starting anew repeats none
            cursor.execute("SELECT setval('order_number_sequence', 1, false)")
        employ(seed)
        before = gc.get_threshold()
        # millions of short-lived rows: looking for cycles all the time costs a tenth
        gc.set_threshold(200_000, 20, 100)
        try:
            return History(
                seed=seed, orders=orders, days=days, now=now or clock.now(), covering=covering, say=say
            ).live()
        finally:
            gc.set_threshold(*before)
