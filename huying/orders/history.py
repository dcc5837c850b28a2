"""History 历史: one event per move, chained; personal values encrypted with the citizen's key."""

import json
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huying.kernel import clock, crypto

from .flow import ACTIONS, Actor
from .models import Event, WorkOrder

HEAD = ["last_seq", "last_hash", "changed_at"]  # columns of an order that its newest event moves
SEALED = "~"  # prefix of names whose value is encrypted with the citizen's key


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def sealed(kind: str, told: dict[str, Any], wrapped_key: bytes) -> dict[str, Any]:
    """What was told, ready for the event: empty values dropped, personal ones encrypted."""
    personal = {field.name for field in ACTIONS[kind].fields if field.personal} if kind in ACTIONS else set()
    content: dict[str, Any] = {}
    for name, value in told.items():
        if value is None or value == "" or value == []:
            continue
        if name in personal:
            content[SEALED + name] = crypto.encrypt_text(wrapped_key, json.dumps(plain(value), ensure_ascii=False))
        else:
            content[name] = plain(value)
    return content


def link(previous: crypto.Sealed, number: str, event: Event) -> bytes:
    """The chained hash of an event over everything it says."""
    body = json.dumps(
        [
            number, event.seq, event.kind, event.at.isoformat(), event.actor_id, event.actor_name, event.unit_id,
            event.unit_name, event.role, event.from_state, event.to_state, event.content,
        ],
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return crypto.chain(bytes(previous), body.encode())


def not_before(order: WorkOrder, at: datetime) -> datetime:
    """The moment, or that of the order's newest event when a clock that went backwards says an earlier one."""
    return max(at, order.changed_at) if order.changed_at else at


def append(
    order: WorkOrder, kind: str, *, by: Actor, told: dict[str, Any], from_state: str, to_state: str, save: bool = True,
    at: datetime | None = None,
) -> Event:  # fmt: skip
    """Append one event to a locked order and move its head; the caller saves `HEAD`, with `save=False` the event too.

    A machine's clock may be set back; an order's history never goes back with it: an event is at the earliest as late
    as the one before it.
    """
    at = not_before(order, at or clock.now())
    event = Event(
        order=order, seq=order.last_seq + 1, kind=kind, at=at, actor_id=by.id, actor_name=by.name,
        unit_id=by.unit_id, unit_name=by.unit_name, role=by.role, from_state=from_state, to_state=to_state,
        content=sealed(kind, told, bytes(order.citizen.key or b"")),
    )  # fmt: skip
    event.hash = link(order.last_hash, order.number, event)
    order.last_seq, order.last_hash, order.changed_at = event.seq, event.hash, at
    if save:
        event.save(force_insert=True)
    return event


def record(order: WorkOrder, kind: str, *, by: Actor, told: dict[str, Any]) -> Event:
    """Record a fact that changes no state (查看隐私, 上传附件 ...) on an order, locking it."""
    with transaction.atomic():
        locked = (
            WorkOrder.objects.select_for_update(of=("self",), no_key=True).select_related("citizen").get(pk=order.pk)
        )
        event = append(locked, kind, by=by, told=told, from_state=locked.state, to_state=locked.state)
        locked.save(update_fields=HEAD)
    return event
