"""Deciding 判断: may this actor do this now, and if not, why not. Pure; called by the write mechanism and by the read side."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from . import guards
from .actions import ACTIONS, Action
from .facts import Actor, AssignmentFacts, Limits, OrderFacts, Refusal, Situation
from .states import ACTIVE, UNFINISHED, Part, State

NO_PERMISSION = "no_permission"
WRONG_STATE = "wrong_state"


@dataclass(frozen=True, slots=True)
class Offer:
    """One entry of `actions` on an order: what, whether, and why not."""

    name: str
    label: str
    allowed: bool
    reason: str
    primary: bool
    assignment: int | None


def assignment_for(
    action: Action, order: OrderFacts, actor: Actor, now: datetime, limits: Limits, wanted: int | None = None
) -> AssignmentFacts | None:
    """The share of the work the action is about.

    The wanted one; else, of the actor's own unit's (for those who decide for others: of all), the first that the
    guards would let pass; else the first of them.
    """
    if action.subject != "assignment":
        return None
    fitting = [item for item in order.assignments if item.state in action.units]
    if wanted is not None:
        return next((item for item in fitting if item.id == wanted), None)
    if guards.own_assignment in action.guards and not actor.system:
        fitting = [item for item in fitting if item.unit_id == actor.unit_id]
    passing = (item for item in fitting if _first(action.guards, Situation(order, actor, now, limits, item)) is None)
    return next(passing, fitting[0] if fitting else None)


def why_not(
    action: Action, order: OrderFacts, actor: Actor, now: datetime, limits: Limits, assignment: int | None = None
) -> Refusal | None:
    """None when the button works; else the first reason why not: permission, state, then the guards in order."""
    if not actor.may(action.permission):
        return Refusal(NO_PERMISSION, f"您没有“{action.label}”的权限")
    if order.state not in action.sources:
        return Refusal(WRONG_STATE, f"工单现在是“{order.state.label}”，不能{action.label}")
    situation = Situation(order, actor, now, limits, assignment_for(action, order, actor, now, limits, assignment))
    return _first(action.guards, situation)


def why_not_told(action: Action, situation: Situation, told: dict[str, Any]) -> Refusal | None:
    """Like `why_not`, for what was told with the action."""
    return _first(action.checks, replace(situation, told=told))


def _first(rules: tuple[Any, ...], situation: Situation) -> Refusal | None:
    for rule in rules:
        refusal: Refusal | None = rule(situation)
        if refusal:
            return refusal
    return None


def offers(order: OrderFacts, actor: Actor, now: datetime, limits: Limits) -> list[Offer]:
    """The actions a person holding their permissions would look for on this order, allowed ones first.

    Actions for other states are left out, except that those the person may never press are not shown at all:
    what is shown with a reason is what the person's role includes and the order's state admits.
    """
    found: list[Offer] = []
    for action in ACTIONS.values():
        if order.state not in action.sources or not actor.may(action.permission):
            continue
        target = assignment_for(action, order, actor, now, limits)
        if action.subject == "assignment" and target is None and not actor.system:
            continue
        refusal = why_not(action, order, actor, now, limits)
        found.append(
            Offer(
                action.name, action.label, refusal is None, refusal.sentence if refusal else "", action.primary,
                target.id if target else None,
            )
        )  # fmt: skip
    return sorted(found, key=lambda offer: (not offer.allowed, not offer.primary))


def derived_state(current: State, assignments: tuple[AssignmentFacts, ...]) -> State:
    """The order's state that follows from its assignments, while it is being worked on.

    No lead that counts -> 待派单. Lead and all assisting units replied -> 答复待审核. Otherwise the order stays
    办理中 (or 承诺办理). Overlays (挂起, 待补充, 会商中) are set and left by their own actions.
    """
    if current not in {State.IN_PROGRESS, State.PROMISED}:
        return current
    top = [item for item in assignments if item.parent_id is None and item.state in ACTIVE]
    leads = [item for item in top if item.part is Part.LEAD]
    if not leads:
        return State.TO_DISPATCH
    if any(item.state in UNFINISHED for item in top):
        return current
    return State.REPLY_REVIEW
