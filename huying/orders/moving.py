"""The one mechanism 办理动作 through which every move of an order goes (DESIGN section 4).

Open the transaction, lock the row through the visibility door, compare the version the caller saw, ask the rules, let
the verb do what is particular to it, derive the state, start and stop clocks, append one event, enqueue the notices.
A refusal raises and changes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from huying.kernel import clock as kernel_clock
from huying.kernel.errors import Forbidden, NotFound, Refused, Stale
from huying.kernel.identifiers import digits_of
from huying.matters import queries as matters

from . import clocks, history, notices
from .flow import Actor, AssignmentFacts, AssignmentState, Refusal, Situation, State, derived_state, event_label
from .flow.actions import MERGE, UNMERGE, Action
from .flow.deciding import NO_PERMISSION, assignment_for, why_not, why_not_told
from .flow.states import OVERLAY_STATES
from .models import Application, Assignment, Clock, Event, WorkOrder
from .reading import assignment_facts, leading_clock, limits_of, order_facts
from .visibility import visible_to

RELATED = ("citizen", "matter__parent__parent", "area", "street", "lead_unit", "operator", "team", "parent")


@dataclass
class Move:
    """A move being made: the locked order, what hangs on it, and what the verb wants done."""

    action: Action
    order: WorkOrder
    by: Actor
    now: datetime
    told: dict[str, Any]
    assignments: list[Assignment]
    clocks: list[Clock]
    own: Assignment | None = None
    state: State | None = None
    notices: list[str] = field(default_factory=list)
    _new_assignments: list[Assignment] = field(default_factory=list)
    _new_clocks: list[Clock] = field(default_factory=list)
    _changed: dict[int, Assignment] = field(default_factory=dict)
    _stopped: list[Clock] = field(default_factory=list)
    _moved: list[Clock] = field(default_factory=list)

    @property
    def share(self) -> Assignment:
        """The assignment the action is about; the guards made sure that there is one."""
        if self.own is None:
            raise Refused("no_such_assignment", "没有处于相应状态的承办任务")
        return self.own

    def assign(self, row: Assignment) -> Assignment:
        """Give work to a unit; saved, with its clocks, when the move ends."""
        self._new_assignments.append(row)
        self.assignments.append(row)
        return row

    def change(self, row: Assignment, **values: Any) -> None:
        """Change a unit's share."""
        for name, value in values.items():
            setattr(row, name, value)
        if row.pk:
            self._changed[row.pk] = row

    def start(self, kind: str, assignment: Assignment | None = None) -> Clock | None:
        """Start a clock by the limits in force now."""
        made = clocks.new(kind, self.order, self.now, assignment=assignment)
        if made:
            self.run(made)
        return made

    def run(self, made: Clock) -> None:
        """Let a clock that the verb made itself run."""
        self._new_clocks.append(made)
        self.clocks.append(made)

    def running(self, *kinds: str, assignment: Assignment | None = None) -> list[Clock]:
        """Clocks not yet stopped, of these kinds (all when none is named), of one assignment when given."""
        return [
            item
            for item in self.clocks
            if item.stopped_at is None
            and (not kinds or item.kind in kinds)
            and (assignment is None or item.assignment_id == assignment.pk or item.assignment is assignment)
        ]

    def stop(self, *kinds: str, assignment: Assignment | None = None) -> None:
        """Stop clocks."""
        for item in self.running(*kinds, assignment=assignment):
            item.stopped_at = self.now
            if item.pk:
                self._stopped.append(item)

    def pause(self) -> None:
        """停表: all running clocks wait."""
        for item in self.running():
            item.paused_at = item.paused_at or self.now
            self._moved.append(item)

    def resume(self) -> None:
        """继续计时: waiting clocks go on, moved by the length of the pause."""
        for item in self.running():
            if item.paused_at:
                clocks.resume(item, self.now)
                self._moved.append(item)
                self._follow(item)

    def extend(self, item: Clock, days: int) -> None:
        """顺延 one clock by working days."""
        clocks.extend(item, days)
        self._moved.append(item)
        self._follow(item)

    def _follow(self, item: Clock) -> None:
        for row in self.assignments:
            if row.pk == item.assignment_id:
                self.due_by(row, item)

    def due_by(self, row: Assignment, item: Clock) -> None:
        """Repeat on a unit's share what its clock says, for lists and guards."""
        if item.kind in clocks.HANDLING_KINDS:
            until = clocks.extension_until(item, matters.policy().extension_margin_days)
            self.change(row, due_at=item.due_at, extend_until=until)
        elif item.kind == "return_window":
            self.change(row, return_due_at=item.due_at)

    def lapse(self, rows: list[Assignment]) -> None:
        """What these units have asked for and nobody has decided is void."""
        asked = [row for row in rows if row.pk and (row.pending_extension or row.pending_promise or row.came_from)]
        if asked:
            Application.objects.filter(order=self.order, assignment__in=asked, status="pending").update(status="lapsed")
        for row in asked:
            self.change(row, pending_extension=False, pending_promise=False, came_from="")
            self.stop("extension_decision", "return_decision", assignment=row)

    def notify(self, template: str) -> None:
        """Tell the citizen, in the words of a template, once."""
        self.notices.append(template)

    # -- the end of a move

    def facts(self) -> tuple[AssignmentFacts, ...]:
        """The assignments as they stand now."""
        return tuple(assignment_facts(row) for row in self.assignments)

    def finish(self) -> Event:
        """Write everything the move did, in few statements."""
        order, before = self.order, State(self.order.state)
        wanted = self.state or self.action.target
        if wanted is not None:
            order.state = wanted
        order.state = derived_state(State(order.state), self.facts())
        self._stage_clocks(before)
        self._save_assignments()
        self._save_clocks()
        lamp = leading_clock(
            ((c.kind, c.warn_at, c.due_at) for c in self.clocks if c.stopped_at is None and c.paused_at is None),
            order.state,
        )
        order.clock, order.warn_at, order.due_at = lamp or ("", None, None)
        told = dict(self.told)
        if self.own is not None:
            told["assignment_unit"] = self.own.unit.short
        event = history.append(
            order, self.action.name, by=self.by, told=told, from_state=before, to_state=order.state, at=self.now
        )
        order.version += 1
        order.save(force_update=True, update_fields=ORDER_FIELDS)
        for template in self.notices:
            notices.enqueue(order, event.seq, template)
        return event

    def _stage_clocks(self, before: State) -> None:
        """Clocks that belong to the order's stage, whoever moved it there."""
        after = State(self.order.state)
        if after == before:
            return
        stage = {
            State.IN_REVIEW: "review",
            State.TO_DISPATCH: "dispatch",
            State.DISPUTED: "arbitrate",
            State.REPLY_REVIEW: "reply_review",
            State.TO_CALL_BACK: "call_back",
        }
        if before in stage and after not in OVERLAY_STATES:
            self.stop(stage[before])
        if before in OVERLAY_STATES:
            self.resume()
        if after in stage and not self.running(stage[after]):
            self.start(stage[after])
        if after in OVERLAY_STATES:
            self.pause()
        if after in (State.CLOSED, State.ARCHIVED):
            self.stop()

    def _save_assignments(self) -> None:
        for row in self._new_assignments:
            for made in self._new_clocks:
                if made.assignment is row:
                    self.due_by(row, made)
        if self._new_assignments:
            Assignment.objects.bulk_create(self._new_assignments)
        fresh = {row.pk for row in self._new_assignments}
        for row in self._changed.values():
            if row.pk not in fresh:
                row.save(force_update=True, update_fields=ASSIGNMENT_FIELDS)

    def _save_clocks(self) -> None:
        if self._new_clocks:
            Clock.objects.bulk_create(self._new_clocks)
        stopped = [item.pk for item in self._stopped]
        if stopped:
            Clock.objects.filter(pk__in=stopped).update(stopped_at=self.now)
        moved = {item.pk: item for item in self._moved if item.pk}
        if moved:
            Clock.objects.bulk_update(moved.values(), ["due_at", "warn_at", "paused_at", "warned_at", "breached_at"])


ORDER_FIELDS = [
    "state", "outcome", "nature", "urgency", "title", "content", "matter", "confidential", "place_text", "area", "street",
    "operator", "team", "lead_unit", "parent", "children_count", "answer", "refusal_reason", "proposed_by", "resume_to", "redo_count", "return_count", "returns_by_unit",
    "open_milestones", "urge_count", "failed_attempts", "supervised", "explanation_pending", "excluded",
    "solved", "satisfied", "closed_at", "clock", "warn_at", "due_at", "version", *history.HEAD,
]  # fmt: skip
ASSIGNMENT_FIELDS = [
    "state", "came_from", "accepted_at", "contacted_at", "replied_at", "return_due_at", "due_at", "extend_until",
    "extensions",
    "pending_extension", "pending_promise", "appointed", "result", "reply", "policy_basis", "unreachable_reason",
]  # fmt: skip


def locked(number: str, by: Actor) -> WorkOrder:
    """The order, locked for this transaction, or NotFound for what this person may not see."""
    found = (
        visible_to(by)
        .select_for_update(of=("self",), no_key=True)
        .select_related(*RELATED)
        .defer("search")
        .filter(number=number)
        .first()
    )
    if found is None:
        raise NotFound("no_such_order", "没有这张工单，或您无权查看")
    return found


def lock_pair(number: str, action: Action, told: dict[str, Any]) -> None:
    """Lock both orders of a merge before anything else, so that two who lock crosswise wait instead of deadlocking.

    Two orders about to be merged: by their keys. A merged one and its parent: the parent first, as closing the parent
    does, which goes on to lock what was merged into it.
    """
    if action is MERGE:
        rows = WorkOrder.objects.filter(number__in=[number, digits_of(told["into"])]).order_by("pk")
    elif action is UNMERGE:
        rows = WorkOrder.objects.filter(children__number=number)
    else:
        return
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))


def refuse(refusal: Refusal | None) -> None:
    """Raise a refusal as the error its code stands for."""
    if refusal:
        kind = Forbidden if refusal.code == NO_PERMISSION else Refused
        raise kind(refusal.code, refusal.sentence)


@contextmanager
def moving(
    number: str, action: Action, *, by: Actor, seen: int | None = None, told: dict[str, Any] | None = None,
    assignment: int | None = None,
) -> Iterator[Move]:  # fmt: skip
    """Make one move; the body does what is particular to the verb. Raises NotFound, Stale, Forbidden, Refused."""
    told = told or {}
    with transaction.atomic():
        lock_pair(number, action, told)
        order = locked(number, by)
        if seen is not None and seen != order.version:
            raise stale(order)
        rows = list(Assignment.objects.filter(order=order).select_related("unit").order_by("pk"))
        facts = order_facts(order, rows)
        now = history.not_before(order, kernel_clock.now())
        limits = limits_of(matters.policy())
        refuse(why_not(action, facts, by, now, limits, assignment))
        target = assignment_for(action, facts, by, now, limits, assignment)
        refuse(why_not_told(action, Situation(facts, by, now, limits, target), told))
        running = list(Clock.objects.filter(order=order, stopped_at=None))
        own = next((row for row in rows if target and row.pk == target.id), None)
        move = Move(action, order, by, now, told, rows, running, own)
        yield move
        move.finish()


def stale(order: WorkOrder) -> Stale:
    """Who was faster, and what they did."""
    last = Event.objects.filter(order=order, seq=order.last_seq).first()
    what = f"{last.actor_name}已{event_label(last.kind)}" if last else "已有人操作"
    return Stale(
        "stale", f"工单刚刚有变化：{what}，请查看最新情况后再操作", version=order.version,
        latest={"label": event_label(last.kind), "actor": last.actor_name, "at": last.at.isoformat()} if last else None,
    )  # fmt: skip


def unit_share(
    move: Move, unit: Any, part: str, *, parent: Assignment | None = None, note: str = "", appointed: bool = False,
    push_down_reason: str = "", kind: str = "handle",
) -> Assignment:  # fmt: skip
    """Give work to a unit with its clocks: sign, first contact (lead only), return window, handle or redo.

    What is handed down 下派 has no window to send it back, and is due no later than the work of the unit above.
    """
    made = Assignment(
        order=move.order, unit=unit, parent=parent, part=part, state=AssignmentState.TO_ACCEPT, dispatched_at=move.now,
        note=note, appointed=appointed, push_down_reason=push_down_reason,
    )  # fmt: skip
    row = move.assign(made)
    move.start("sign", row)
    if part == "lead" and parent is None:
        move.start("contact", row)
    if not appointed and parent is None:
        move.start("return_window", row)
    handle = move.start(kind, row)
    if handle and parent and parent.due_at:
        clocks.cap(handle, max(parent.due_at, move.now))
    return row
