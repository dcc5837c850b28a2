"""流程: the whole life of a work order as pure values and rules. No Django here."""

from .actions import ACTIONS, FACTS, Action, event_label
from .deciding import Offer, assignment_for, derived_state, offers, why_not, why_not_told
from .facts import Actor, AssignmentFacts, Limits, OrderFacts, Refusal, Situation
from .fields import Field
from .states import (
    ACTIVE,
    OPEN_STATES,
    UNFINISHED,
    WORKING_STATES,
    AssignmentState,
    Channel,
    ClockKind,
    Nature,
    Outcome,
    Part,
    State,
    Urgency,
)

__all__ = [
    "ACTIONS", "ACTIVE", "FACTS", "OPEN_STATES", "UNFINISHED", "WORKING_STATES", "Action", "Actor", "AssignmentFacts",
    "AssignmentState", "Channel", "ClockKind", "Field", "Limits", "Nature", "Offer", "OrderFacts", "Outcome", "Part",
    "Refusal", "Situation", "State", "Urgency", "assignment_for", "derived_state", "event_label", "offers", "why_not",
    "why_not_told",
]  # fmt: skip
