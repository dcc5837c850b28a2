"""Rows turned into the plain values that the rules look at."""

from collections.abc import Iterable
from datetime import datetime

from huying.matters.models import Policy
from huying.people.models import Staff, Unit
from huying.people.rules import permissions_of

from .flow import Actor, AssignmentFacts, AssignmentState, Limits, Nature, OrderFacts, Part, State, Urgency
from .models import Assignment, WorkOrder

LOWEST = (Unit.Kind.STREET, Unit.Kind.SQUAD)
ENDED = (State.CLOSED, State.ARCHIVED)
SYSTEM = Actor(None, "系统", None, "", 0, None, "system", frozenset(), system=True)


def actor_of(staff: Staff) -> Actor:
    """The signed-in person as rules see them."""
    return Actor(
        id=staff.pk,
        name=staff.name or staff.username,
        unit_id=staff.unit_id,
        unit_name=staff.unit.short if staff.unit else "",
        unit_tier=staff.unit.tier if staff.unit else 0,
        team_id=staff.team_id,
        role=staff.roles[0] if staff.roles else "",
        permissions=permissions_of(staff.roles),
    )


def limits_of(policy: Policy) -> Limits:
    """The numbers guards need."""
    return Limits(
        max_returns=policy.max_returns,
        max_extensions=policy.max_extensions,
        extension_margin_days=policy.extension_margin_days,
        reopen_days=policy.reopen_days,
        max_redo=policy.max_redo,
        call_back_attempts=policy.call_back_attempts,
        promise_months=policy.promise_months,
    )


def assignment_facts(row: Assignment) -> AssignmentFacts:
    """One unit's share; the unit must be loaded with it."""
    return AssignmentFacts(
        id=row.pk,
        unit_id=row.unit_id,
        unit_tier=row.unit.tier,
        part=Part(row.part),
        state=AssignmentState(row.state),
        parent_id=row.parent_id,
        accepted_at=row.accepted_at,
        contacted_at=row.contacted_at,
        return_due_at=row.return_due_at,
        due_at=row.due_at,
        extend_until=row.extend_until,
        extensions=row.extensions,
        pending_extension=row.pending_extension,
        pending_promise=row.pending_promise,
        appointed=row.appointed,
        own_review=row.unit.own_review,
        lowest=row.unit.kind in LOWEST,
    )


def order_facts(order: WorkOrder, assignments: Iterable[Assignment]) -> OrderFacts:
    """The order as rules see it."""
    return OrderFacts(
        state=State(order.state),
        nature=Nature(order.nature),
        urgency=Urgency(order.urgency),
        confidential=order.confidential,
        has_content=bool(order.content),
        has_matter=order.matter_id is not None,
        has_place=bool(order.street_id or order.place_text),
        channel=order.channel,
        operator_id=order.operator_id,
        team_id=order.team_id,
        proposer_id=order.proposed_by_id,
        redo_count=order.redo_count,
        returns_by_unit={int(unit): count for unit, count in order.returns_by_unit.items()},
        return_count=order.return_count,
        failed_attempts=order.failed_attempts,
        refusal_pending=bool(order.refusal_reason) and order.state == State.IN_REVIEW,
        explanation_pending=order.explanation_pending,
        reachable=bool(order.citizen.phone_sealed),
        supervised=order.supervised,
        parent_id=order.parent_id,
        parent_open=order.parent is not None and order.parent.state not in ENDED,
        children=order.children_count,
        outcome=order.outcome,
        closed_at=order.closed_at,
        open_milestones=order.open_milestones,
        assignments=tuple(assignment_facts(row) for row in assignments),
    )


def leading_clock(
    clocks: Iterable[tuple[str, datetime, datetime]], state: str
) -> tuple[str, datetime, datetime] | None:
    """The (kind, warn_at, due_at) that an order's lamp shows: the one of its present stage, else the earliest."""
    wanted = {
        State.IN_REVIEW: ("review",),
        State.TO_DISPATCH: ("dispatch",),
        State.IN_PROGRESS: ("redo", "handle"),
        State.PROMISED: ("promise",),
        State.DISPUTED: ("arbitrate",),
        State.REPLY_REVIEW: ("reply_review",),
        State.TO_CALL_BACK: ("call_back",),
    }.get(State(state), ())
    running = [item for item in clocks if item[0] != "return_window"]
    fitting = [item for item in running if item[0] in wanted] or running
    return min(fitting, key=lambda item: item[2]) if fitting else None
