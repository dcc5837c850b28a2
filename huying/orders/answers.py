"""Shapes of what the orders API answers, for the OpenAPI document.

Answers are declared, not run through these shapes: validating 100 rows would cost as much as reading them. The
contract tests hold the shapes and the real answers together, name by name.
"""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Schema

Color = Literal["green", "yellow", "red"]


class UnitRef(Schema):
    code: str
    name: str
    short: str
    tier: int


class MatterRef(Schema):
    code: str
    name: str
    path: str


class MaskedCitizen(Schema):
    name: str
    phone: str
    title: str
    anonymous: bool


class RowPlace(Schema):
    text: str
    area: str
    street: str
    street_code: str | None
    lat: float | None
    lng: float | None


class Words(Schema):
    """A lamp: its colour, how much is left in words, by when in words."""

    color: Color
    words: str
    due_words: str


class Lamp(Words):
    kind: str
    kind_label: str
    due_at: datetime


class OrderRow(Schema):
    number: str
    number_display: str
    title: str
    state: str
    state_label: str
    outcome: str
    outcome_label: str
    nature: str
    nature_label: str
    urgency: str
    urgency_label: str
    channel: str
    channel_label: str
    confidential: bool
    matter: MatterRef | None
    place: RowPlace
    lead_unit: UnitRef | None
    citizen: MaskedCitizen
    lamp: Lamp | None
    received_at: datetime
    closed_at: datetime | None
    version: int
    redo_count: int
    return_count: int
    urge_count: int
    supervised: bool
    children: int
    parent: str | None


class OrderPage(Schema):
    items: list[OrderRow]
    next: str | None
    estimated_total: int
    total_is_estimate: bool


class AssignmentShown(Schema):
    id: int
    unit: UnitRef
    part: str
    part_label: str
    state: str
    state_label: str
    parent: int | None
    dispatched_at: datetime
    accepted_at: datetime | None
    contacted_at: datetime | None
    replied_at: datetime | None
    due_at: datetime | None
    note: str
    result: str
    result_label: str
    reply: str
    policy_basis: str
    unreachable_reason: str


class ClockShown(Schema):
    kind: str
    kind_label: str
    unit: str
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    stopped_at: datetime | None
    paused: bool
    lamp: Words | None


class ActionShown(Schema):
    name: str
    label: str
    allowed: bool
    reason: str
    primary: bool
    assignment: int | None


class OrderShown(OrderRow):
    """An order with what hangs on it and what this person may do: the answer to a verb."""

    content: str
    answer: str
    source_id: str | None
    source_number: str
    questions: list[str]
    assignments: list[AssignmentShown]
    clocks: list[ClockShown]
    actions: list[ActionShown]


class AttachmentShown(Schema):
    id: int
    name: str
    mime: str
    size: int
    at: datetime
    by: str
    url: str


class ApplicationShown(Schema):
    kind: str
    kind_label: str
    unit: str
    status: str
    status_label: str
    reason: str
    legal_basis: str
    days: int | None
    until: date | None
    asked_at: datetime
    decided_at: datetime | None
    decision_note: str


class MilestoneShown(Schema):
    title: str
    due_on: date
    reached_at: datetime | None
    progress: str


class AttemptShown(Schema):
    at: datetime
    way: str
    reached: bool
    solved: bool | None
    satisfied: str
    satisfied_label: str
    by: str
    opinion: str


class OperatorShown(Schema):
    name: str
    team: str


class OrderDetail(OrderShown):
    operator: OperatorShown | None
    attachments: list[AttachmentShown]
    applications: list[ApplicationShown]
    milestones: list[MilestoneShown]
    attempts: list[AttemptShown]


class LineShown(Schema):
    label: str
    value: str


class EventShown(Schema):
    seq: int
    kind: str
    label: str
    at: datetime
    actor: str
    unit: str
    role: str
    from_state: str
    from_label: str
    to_state: str
    to_label: str
    lines: list[LineShown]
    hash: str


class EventList(Schema):
    items: list[EventShown]


class CitizenInClear(Schema):
    name: str
    phone: str
    address: str


class CatalogueLine(Schema):
    code: str
    duty: str
    basis: str
    basis_source: str
    department_work: bool
    lead: UnitRef | None
    assisting: list[UnitRef]


class Routing(Schema):
    lead: UnitRef | None
    assisting: list[UnitRef]
    lines: list[CatalogueLine]
    similar: list[Any]


class LimitTold(Schema):
    kind: str
    kind_label: str
    limit: str


class RoutingBefore(Routing):
    limits: list[LimitTold]


class KnownCitizen(Schema):
    name: str
    phone: str
    title: str
    marks: list[str]


class CallerHistory(Schema):
    citizen: KnownCitizen | None
    open: list[OrderRow]
    recent: list[OrderRow]
    total: int


class QueueShown(Schema):
    name: str
    label: str
    count: int
    query: str


class Labelled(Schema):
    code: str
    label: str


class FieldShown(Schema):
    name: str
    label: str
    type: str
    required: bool
    choices: list[Labelled]
    hint: str


class FlowAction(Schema):
    name: str
    label: str
    permission: str
    subject: Literal["order", "assignment"]
    sources: list[str]
    says: str
    primary: bool
    fields: list[FieldShown]


class FlowShown(Schema):
    states: list[Labelled]
    assignment_states: list[Labelled]
    outcomes: list[Labelled]
    natures: list[Labelled]
    urgencies: list[Labelled]
    channels: list[Labelled]
    parts: list[Labelled]
    clock_kinds: list[Labelled]
    actions: list[FlowAction]


class ViewShown(Schema):
    id: int
    name: str
    query: str


class ViewList(Schema):
    items: list[ViewShown]
