"""What people see of an order 展示: labels, masked citizens, lamps in words, actions with reasons. Plain dicts for JSON."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from huying.citizens.models import Citizen
from huying.kernel import clock as kernel_clock
from huying.kernel import crypto, identifiers
from huying.language.pii import mask, mask_name, mask_phone
from huying.matters.models import Matter
from huying.matters.queries import policy
from huying.people.models import Unit
from huying.people.queries import units_by_code
from huying.people.rules import ROLES

from . import clocks, listing
from .flow import (
    ACTIONS,
    Actor,
    AssignmentState,
    Channel,
    ClockKind,
    Nature,
    Outcome,
    Part,
    State,
    Urgency,
    event_label,
    offers,
)  # fmt: skip
from .flow.fields import RESULTS, SATISFACTION, Field
from .history import SEALED
from .models import Application, Assignment, Attachment, CallBackAttempt, Clock, Event, Milestone, WorkOrder
from .reading import limits_of, order_facts

RESULT_LABELS = dict(RESULTS)
SATISFACTION_LABELS = dict(SATISFACTION)
ROUND_THE_CLOCK = {
    "review": "minutes", "dispatch": "minutes", "return_decision": "hours", "promise": "hours",
}  # fmt: skip


def unit(row: Unit | None) -> dict[str, Any] | None:
    """A unit in short."""
    return {"code": row.code, "name": row.name, "short": row.short, "tier": row.tier} if row else None


def matter(row: Matter | None) -> dict[str, Any] | None:
    """A matter with its path."""
    if row is None:
        return None
    names, above = [], row.parent
    while above:
        names.append(above.name)
        above = above.parent
    return {"code": row.code, "name": row.name, "path": "/".join(reversed(names))}


def citizen(row: Citizen) -> dict[str, Any]:
    """The citizen, masked."""
    if row.key is None:
        return {"name": "已删除", "phone": "", "title": "", "anonymous": row.anonymous}
    name = crypto.decrypt(row.key, row.name_sealed)
    phone = crypto.decrypt(row.key, row.phone_sealed)
    return {
        "name": mask_name(name) if name else ("匿名" if row.anonymous else ""),
        "phone": mask_phone(phone) if phone else "",
        "title": row.title,
        "anonymous": row.anonymous,
    }


def lamp(order: WorkOrder, now: datetime) -> dict[str, Any] | None:
    """The lamp of an order: colour, words, kind, exact time."""
    if order.due_at is None or order.warn_at is None or order.state in (State.CLOSED, State.ARCHIVED):
        return None
    measure = ROUND_THE_CLOCK.get(order.clock, "working_days" if order.urgency == Urgency.NORMAL else "hours")
    return {
        **clocks.words(order.clock, order.due_at, order.warn_at, measure, "standard", now),
        "kind": order.clock,
        "kind_label": ClockKind(order.clock).label if order.clock else "",
        "due_at": order.due_at,
    }


def row(order: WorkOrder, now: datetime | None = None) -> dict[str, Any]:
    """An order as a line of a list."""
    now = now or kernel_clock.now()
    return {
        "number": order.number,
        "number_display": identifiers.display(order.number),
        "title": order.title,
        "state": order.state,
        "state_label": State(order.state).label,
        "outcome": order.outcome,
        "outcome_label": Outcome(order.outcome).label if order.outcome else "",
        "nature": order.nature,
        "nature_label": Nature(order.nature).label,
        "urgency": order.urgency,
        "urgency_label": Urgency(order.urgency).label,
        "channel": order.channel,
        "channel_label": Channel(order.channel).label,
        "confidential": order.confidential,
        "matter": matter(order.matter),
        "place": {
            "text": order.place_text,
            "area": order.area.name if order.area else "",
            "street": order.street.name if order.street else "",
            "street_code": order.street_id,
            "lat": order.lat,
            "lng": order.lng,
        },
        "lead_unit": unit(order.lead_unit),
        "citizen": citizen(order.citizen),
        "lamp": lamp(order, now),
        "received_at": order.received_at,
        "closed_at": order.closed_at,
        "version": order.version,
        "redo_count": order.redo_count,
        "return_count": order.return_count,
        "urge_count": order.urge_count,
        "supervised": order.supervised,
        "children": order.children_count,
        "parent": order.parent.number if order.parent else None,
    }


def assignment(item: Assignment) -> dict[str, Any]:
    """One unit's share."""
    return {
        "id": item.pk,
        "unit": unit(item.unit),
        "part": item.part,
        "part_label": Part(item.part).label,
        "state": item.state,
        "state_label": AssignmentState(item.state).label,
        "parent": item.parent_id,
        "dispatched_at": item.dispatched_at,
        "accepted_at": item.accepted_at,
        "contacted_at": item.contacted_at,
        "replied_at": item.replied_at,
        "due_at": item.due_at,
        "note": item.note,
        "result": item.result,
        "result_label": RESULT_LABELS.get(item.result, ""),
        "reply": item.reply,
        "policy_basis": item.policy_basis,
        "unreachable_reason": item.unreachable_reason,
    }


def clock_row(item: Clock, units: dict[int, str], now: datetime) -> dict[str, Any]:
    """One clock; stopped and paused ones show no lamp."""
    running = item.stopped_at is None and item.paused_at is None
    return {
        "kind": item.kind,
        "kind_label": ClockKind(item.kind).label,
        "unit": units.get(item.assignment_id or 0, ""),
        "started_at": item.started_at,
        "due_at": item.due_at,
        "warn_at": item.warn_at,
        "stopped_at": item.stopped_at,
        "paused": item.paused_at is not None,
        "lamp": clocks.words(item.kind, item.due_at, item.warn_at, item.measure, item.schedule, now)
        if running
        else None,
    }


def shown(
    order: WorkOrder, assignments: Iterable[Assignment], clock_rows: Iterable[Clock], actor: Actor
) -> dict[str, Any]:
    """An order with what hangs on it and what this person may do: the answer to a verb."""
    now = kernel_clock.now()
    rows = list(assignments)
    units = {item.pk: item.unit.short for item in rows}
    return {
        **row(order, now),
        "content": order.content,
        "answer": order.answer,
        "source_id": order.source_id,
        "source_number": order.source_number,
        "questions": list(order.matter.questions) if order.matter else [],
        "assignments": [assignment(item) for item in rows],
        "clocks": [clock_row(item, units, now) for item in clock_rows],
        "actions": [
            {
                "name": offer.name, "label": offer.label, "allowed": offer.allowed, "reason": offer.reason,
                "primary": offer.primary, "assignment": offer.assignment,
            }
            for offer in offers(order_facts(order, rows), actor, now, limits_of(policy()))
        ],
    }  # fmt: skip


def present(order: WorkOrder, actor: Actor) -> dict[str, Any]:
    """An order as it stands in the database, in the shape of the answer to a verb."""
    return shown(order, _assignments(order), _clocks(order), actor)


def fresh(order: WorkOrder, actor: Actor) -> dict[str, Any]:
    """An order registered a moment ago, which no unit has been given yet."""
    return shown(order, [], _clocks(order) if order.clock else [], actor)


def _assignments(order: WorkOrder) -> list[Assignment]:
    return listing.with_units(Assignment.objects.filter(order=order).order_by("pk"))


def _clocks(order: WorkOrder) -> list[Clock]:
    return list(Clock.objects.filter(order=order).order_by("pk"))


def detail(order: WorkOrder, actor: Actor) -> dict[str, Any]:
    """The whole page about an order."""
    rows = _assignments(order)
    found = shown(order, rows, _clocks(order), actor)
    found["operator"] = (
        {"name": order.operator.name, "team": order.team.name if order.team else ""} if order.operator else None
    )
    found["attachments"] = [
        attachment(item, order)
        for item in Attachment.objects.filter(order=order)
        .select_related("by")
        .only("name", "mime", "size", "at", "by__name")
    ]
    units = {item.pk: item.unit.short for item in rows}
    found["applications"] = [
        {
            "kind": item.kind, "kind_label": item.get_kind_display(), "unit": units.get(item.assignment_id, ""),
            "status": item.status, "status_label": item.get_status_display(), "reason": item.reason,
            "legal_basis": item.legal_basis, "days": item.days, "until": item.until, "asked_at": item.asked_at,
            "decided_at": item.decided_at, "decision_note": item.decision_note,
        }
        for item in Application.objects.filter(order=order).order_by("pk")
    ]  # fmt: skip
    found["milestones"] = list(
        Milestone.objects.filter(order=order).values("title", "due_on", "reached_at", "progress")
    )
    found["attempts"] = [
        {
            "at": item.at, "way": item.way, "reached": item.reached, "solved": item.solved, "satisfied": item.satisfied,
            "satisfied_label": SATISFACTION_LABELS.get(item.satisfied, ""), "by": item.by.name if item.by else "",
            "opinion": item.reason,
        }
        for item in CallBackAttempt.objects.filter(order=order).select_related("by").only(
            "at", "way", "reached", "solved", "satisfied", "reason", "by__name"
        )
    ]  # fmt: skip
    return found


def attachment(item: Attachment, order: WorkOrder) -> dict[str, Any]:
    """One file."""
    return {
        "id": item.pk, "name": item.name, "mime": item.mime, "size": item.size, "at": item.at,
        "by": item.by.name if item.by else "", "url": f"/api/v1/orders/{order.number}/attachments/{item.pk}",
    }  # fmt: skip


# -- history

TOLD_LABELS = {
    "channel": "渠道", "source_number": "原编号", "assignment_unit": "承办单位", "before": "更正前", "clock": "时限",
    "due_at": "到期时间", "unit": "单位", "into": "主单", "name": "文件", "row": "行号", "reason": "原因", "fields": "查看内容",
    "consequence": "后续", "number": "并入的工单", "text": "通知内容", "lead": "主办单位",
}  # fmt: skip


def event(item: Event, key: crypto.Sealed | None, units: dict[str, str], *, clear: bool) -> dict[str, Any]:
    """One line of the history in words; erased personal values say so, others are masked unless `clear`."""
    fields = {field.name: field for field in ACTIONS[item.kind].fields} if item.kind in ACTIONS else {}
    lines = []
    for name, kept in item.content.items():
        plain_name = name.removeprefix(SEALED)
        value = kept
        if name.startswith(SEALED):
            value = _opened(kept, key)
            if not clear and isinstance(value, str):
                value = mask(value)
        field = fields.get(plain_name)
        label = field.label if field else TOLD_LABELS.get(plain_name, plain_name)
        lines.append({"label": label, "value": _value(plain_name, value, field, units)})
    return {
        "seq": item.seq, "kind": item.kind, "label": event_label(item.kind), "at": item.at, "actor": item.actor_name,
        "unit": item.unit_name, "role": ROLES[item.role].label if item.role in ROLES else "",
        "from_state": item.from_state, "from_label": State(item.from_state).label if item.from_state else "",
        "to_state": item.to_state, "to_label": State(item.to_state).label if item.to_state else "", "lines": lines,
        "hash": bytes(item.hash).hex(),
    }  # fmt: skip


def _opened(sealed: str, key: crypto.Sealed | None) -> Any:
    try:
        return json.loads(crypto.decrypt_text(key, sealed))
    except crypto.Unreadable as fault:
        return fault.sentence


def _value(name: str, value: Any, field: Field | None, units: dict[str, str]) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if field and field.type in ("unit", "units"):
        return "、".join(str(units.get(code, code)) for code in (value if isinstance(value, list) else [value]))
    if field and field.choices:
        return dict(field.choices).get(value, str(value))
    if field and field.type == "milestones":
        return "；".join(f"{item['due_on']} {item['title']}" for item in value)
    if name == "due_at" and isinstance(value, str):
        return f"{kernel_clock.local(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    if name == "clock" and value in list(ClockKind):
        return ClockKind(value).label
    if name == "channel" and value in list(Channel):
        return Channel(value).label
    if (field and field.type == "nature") and value in list(Nature):
        return Nature(value).label
    if (field and field.type == "urgency") and value in list(Urgency):
        return Urgency(value).label
    if name == "before" and isinstance(value, dict):
        return "；".join(f"{BEFORE_LABELS.get(part, part)}：{_before(part, old)}" for part, old in value.items())
    return str(value)


BEFORE_LABELS = {
    "nature": "性质", "matter": "分类", "urgency": "紧急程度", "title": "标题", "place_text": "地址", "street": "街道", "confidential": "保密",
}  # fmt: skip


def _before(name: str, old: Any) -> str:
    if isinstance(old, bool):
        return "是" if old else "否"
    if name == "nature" and old in list(Nature):
        return Nature(old).label
    if name == "urgency" and old in list(Urgency):
        return Urgency(old).label
    return str(old or "无")


def history(order: WorkOrder, by: Actor) -> list[dict[str, Any]]:
    """The whole history, oldest first; personal values masked for those who may not reveal."""
    rows = list(Event.objects.filter(order=order).order_by("seq"))
    codes: set[str] = set()
    for item in rows:
        for field in ACTIONS[item.kind].fields if item.kind in ACTIONS else ():
            value = item.content.get(field.name)
            if value and field.type == "unit":
                codes.add(value)
            elif value and field.type == "units":
                codes.update(value)
    units = {code: found.short for code, found in units_by_code(sorted(codes)).items()} if codes else {}
    return [event(item, order.citizen.key, units, clear=by.may("reveal")) for item in rows]
