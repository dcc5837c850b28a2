"""What the rules look at: plain values taken from the rows, so that every decision can be tested without a database."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .states import ACTIVE, AssignmentState, Nature, Part, State, Urgency


@dataclass(frozen=True, slots=True)
class Actor:
    """操作人: who asks, as far as rules care. `system` is the platform itself (automatic urging, archiving)."""

    id: int | None
    name: str
    unit_id: int | None
    unit_name: str
    unit_tier: int
    team_id: int | None
    role: str
    permissions: frozenset[str]
    system: bool = False

    def may(self, permission: str) -> bool:
        """True when the actor holds the permission, by role or as the system."""
        return self.system or permission in self.permissions


@dataclass(frozen=True, slots=True)
class AssignmentFacts:
    """One unit's share of an order.

    `extend_until`: the last moment to ask for an extension; `lowest`: nobody is below this unit (街道镇, 中队).
    """

    id: int
    unit_id: int
    unit_tier: int
    part: Part
    state: AssignmentState
    parent_id: int | None = None
    accepted_at: datetime | None = None
    contacted_at: datetime | None = None
    return_due_at: datetime | None = None
    due_at: datetime | None = None
    extend_until: datetime | None = None
    extensions: int = 0
    pending_extension: bool = False
    pending_promise: bool = False
    appointed: bool = False
    own_review: bool = False
    lowest: bool = False


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order as the rules see it.

    `proposer_id`: who put it before the team leader; `explanation_pending`: the call-back asks to close it as explained
    though the citizen is not satisfied; `reachable`: there is a telephone number to call back; `parent_open`: merged
    into an order that is not closed yet.
    """

    state: State
    nature: Nature
    urgency: Urgency = Urgency.NORMAL
    confidential: bool = False
    has_content: bool = True
    has_matter: bool = True
    has_place: bool = True
    channel: str = "phone"
    operator_id: int | None = None
    team_id: int | None = None
    proposer_id: int | None = None
    redo_count: int = 0
    returns_by_unit: dict[int, int] = field(default_factory=dict)
    return_count: int = 0
    failed_attempts: int = 0
    refusal_pending: bool = False
    explanation_pending: bool = False
    reachable: bool = True
    supervised: bool = False
    parent_id: int | None = None
    parent_open: bool = False
    children: int = 0
    outcome: str = ""
    closed_at: datetime | None = None
    open_milestones: int = 0
    assignments: tuple[AssignmentFacts, ...] = ()

    def active(self) -> tuple[AssignmentFacts, ...]:
        """Assignments that still count (not returned, not recalled)."""
        return tuple(item for item in self.assignments if item.state in ACTIVE)

    def lead(self) -> AssignmentFacts | None:
        """The lead 主办 assignment that counts now, first tier of handling only."""
        for item in self.assignments:
            if item.part is Part.LEAD and item.parent_id is None and item.state in ACTIVE:
                return item
        return None

    def children_of(self, assignment: AssignmentFacts) -> tuple[AssignmentFacts, ...]:
        """Hand-downs 下派 of an assignment that still count."""
        return tuple(item for item in self.active() if item.parent_id == assignment.id)


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of the policy that guards need (hotline-domain 2.4)."""

    max_returns: int = 2
    max_extensions: int = 2
    extension_margin_days: int = 1
    reopen_days: int = 30
    max_redo: int = 2
    call_back_attempts: int = 3
    promise_months: int = 9


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything a guard may look at."""

    order: OrderFacts
    actor: Actor
    now: datetime
    limits: Limits
    assignment: AssignmentFacts | None = None
    told: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: a stable code and a sentence a clerk can act on."""

    code: str
    sentence: str
