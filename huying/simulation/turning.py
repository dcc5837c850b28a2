"""One turn 一步: an order on its way, a move to be made, and what every decision looks at."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from huying.matters import queries as matters
from huying.matters.rules import Line, lines_for, unit_code
from huying.orders.flow import ACTIVE, Actor, Part
from huying.orders.models import Assignment, WorkOrder
from huying.orders.operations.dispatching import where_of
from huying.people.models import Unit

from .answering import Clerk, clerk_for
from .pacing import Pace
from .plans import Plan
from .staffing import Crew


@dataclass(slots=True)
class Case:
    """One order on its way, with what was done to it so far (`done` counts events by kind)."""

    order: WorkOrder
    plan: Plan
    rng: Random
    rows: list[Assignment] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    parent: "Case | None" = None


@dataclass(frozen=True, slots=True)
class Step:
    """A move to be made: the verb, by whom, with what, when, on which share of the work."""

    verb: str
    by: Actor
    told: dict[str, Any]
    at: datetime
    share: int | None = None


class Routing:
    """派单目录: which units a matter goes to at a place, read once."""

    def __init__(self) -> None:
        self.units = {unit.code: unit for unit in Unit.objects.select_related("parent").filter(active=True)}
        self.by_pk = {unit.pk: unit for unit in self.units.values()}
        self.below: dict[int | None, list[Unit]] = {}
        for unit in self.units.values():
            self.below.setdefault(unit.parent_id, []).append(unit)

    def lines(self, order: WorkOrder) -> list[Line]:
        """The catalogue's lines for an order."""
        return lines_for(order.matter_id, matters.catalogue()) if order.matter_id else []

    def leads(self, order: WorkOrder) -> list[Unit]:
        """Units that could lead, the catalogue's own first, then the territory, then the city's office for letters."""
        where = where_of(order)
        codes = [unit_code(line.lead, where) for line in self.lines(order)]
        codes += [unit_code(target, where) for line in self.lines(order) for target in line.assisting]
        codes += [where.street, where.area, "city-cgj"]
        found = [self.units[code] for code in dict.fromkeys(codes) if code in self.units]
        return [unit for unit in found if unit.kind != Unit.Kind.HOTLINE]

    def assisting(self, order: WorkOrder, lead: Unit) -> list[Unit]:
        """Units that the first line names beside the lead."""
        where = where_of(order)
        codes = [unit_code(target, where) for line in self.lines(order)[:1] for target in line.assisting]
        return [self.units[code] for code in dict.fromkeys(codes) if code in self.units and code != lead.code]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The people, the catalogue and the pace."""

    crew: Crew
    routing: Routing
    pace_at: Callable[[datetime, Random], Pace]


class BaseTurn:
    """What a decision at one moment needs to know."""

    def __init__(self, stage: Surroundings, case: Case, now: datetime) -> None:
        self.case, self.now = case, now
        self.order, self.plan, self.rng, self.done = case.order, case.plan, case.rng, case.done
        self.crew, self.routing = stage.crew, stage.routing
        self.pace = stage.pace_at(now, case.rng)
        self._clerk: Clerk | None = None

    @property
    def clerk(self) -> Clerk:
        """Who writes, made when first needed."""
        if self._clerk is None:
            self._clerk = clerk_for(self.order, self.now, self.rng)
        return self._clerk

    def say(self, kind: str, **more: str) -> str:
        """A sentence about this order."""
        return self.clerk.say(kind, **more)

    def registrar(self) -> Actor:
        """Who took the request; its team's leader where that person is gone."""
        return self.crew.by_id.get(self.order.operator_id or 0) or self.crew.leader(self.order.team_id)

    def lead(self) -> Assignment | None:
        """The share of the lead unit that counts."""
        top = (row for row in self.case.rows if row.part == Part.LEAD and row.parent_id is None and row.state in ACTIVE)
        return next(top, None)

    def step(self, verb: str, by: Actor, told: dict[str, Any], at: datetime, row: Assignment | None = None) -> Step:
        """A move; later than now."""
        return Step(verb, by, told, max(at, self.now + timedelta(seconds=15)), row.pk if row is not None else None)

    def line_code(self) -> str:
        """The code of the first line of the catalogue."""
        lines = self.routing.lines(self.order)
        return lines[0].code if lines else "相关条目"
