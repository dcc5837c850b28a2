"""HTTP: orders. One address per verb, made from the flow table."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.http import FileResponse, HttpRequest
from ninja import File, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from huying.citizens.models import Citizen
from huying.citizens.operations import phone_hash
from huying.kernel import crypto
from huying.kernel.errors import Forbidden, Invalid, Refused
from huying.kernel.identifiers import parse_number
from huying.kernel.models import IdempotencyKey
from huying.kernel.text import digits_only
from huying.language.pii import mask_name, mask_phone
from huying.matters import queries as matters
from huying.matters.rules import lines_for, unit_code
from huying.people.queries import units_by_code

from . import attachments, history, queries, showing
from .flow import ACTIONS, Action, Actor
from .flow import states as st
from .models import OPEN, Clock, SavedView, WorkOrder
from .operations import perform, register
from .operations.dispatching import where_of
from .operations.registering import Submission
from .reading import actor_of
from .schemas import BODIES, NewOrder, Reason
from .visibility import visible_to

router = Router(tags=["orders"])
FILTERS = (
    "q", "state", "nature", "urgency", "domain", "matter", "unit", "area", "street", "lamp", "channel", "from", "to",
    "mine", "ours", "phone", "queue",
)  # fmt: skip


def actor(request: Any) -> Actor:
    """Who asks."""
    return actor_of(request.auth)


@router.post("/orders", response={201: dict[str, Any]})
def register_order(request: Any, payload: NewOrder) -> tuple[int, dict[str, Any]]:
    """登记. With an Idempotency-Key a repeated request gets the order of the first one."""
    by = actor(request)
    key = request.headers.get("Idempotency-Key", "")[:100]
    submission = Submission(
        channel=str(payload.channel), nature=str(payload.nature), title=payload.title, content=payload.content,
        matter=payload.matter, place_text=payload.place.text, street=payload.place.street, lat=payload.place.lat,
        lng=payload.place.lng, citizen_name=payload.citizen.name, citizen_phone=payload.citizen.phone,
        citizen_title=payload.citizen.title, anonymous=payload.citizen.anonymous,
        urgency=str(payload.urgency) if payload.urgency else None, confidential=payload.confidential,
        source_id=payload.source_id, source_number=payload.source_number, submit=payload.submit,
    )  # fmt: skip
    if not key:
        made = register(submission, by=by)
        return 201, showing.shown(made, [], _clocks(made), by)
    fingerprint = sha256(payload.model_dump_json().encode()).hexdigest()
    with transaction.atomic():
        kept, fresh = IdempotencyKey.objects.get_or_create(staff_id=request.auth.pk, key=key, defaults={"fingerprint": fingerprint})
        if not fresh:
            if kept.fingerprint != fingerprint:
                raise Refused("idempotency_mismatch", "这次提交与上次内容不同，请刷新后重新登记")
            found = queries.one(by, kept.order_number)
            return 201, showing.detail(found, by)
        made = register(submission, by=by)
        kept.order_number = made.number
        kept.save(update_fields=["order_number"])
    return 201, showing.shown(made, [], _clocks(made), by)


def _clocks(order: WorkOrder) -> list[Clock]:
    return list(Clock.objects.filter(order=order)) if order.clock else []


@router.get("/orders")
def list_orders(request: Any, limit: int = 50, cursor: str | None = None, sort: str = "newest") -> dict[str, Any]:
    """The list: filters as query values, keyset paging, an estimated total."""
    found = queries.page(
        actor(request), {name: request.GET[name] for name in FILTERS if request.GET.get(name)}, limit=limit,
        cursor=cursor, sort=sort,
    )  # fmt: skip
    return {
        "items": [showing.row(order) for order in found.orders],
        "next": found.next,
        "estimated_total": found.total,
        "total_is_estimate": found.total_is_estimate,
    }


@router.get("/queues")
def list_queues(request: Any) -> list[dict[str, object]]:
    """My work queues with counts."""
    return queries.queues(actor(request))


@router.get("/flow")
def flow(request: HttpRequest) -> dict[str, Any]:
    """States, vocabularies and actions with their forms."""

    def pairs(kind: type[st.Labelled]) -> list[dict[str, str]]:
        return [{"code": code, "label": label} for code, label in kind.choices()]

    return {
        "states": pairs(st.State), "assignment_states": pairs(st.AssignmentState), "outcomes": pairs(st.Outcome),
        "natures": pairs(st.Nature), "urgencies": pairs(st.Urgency), "channels": pairs(st.Channel),
        "parts": pairs(st.Part), "clock_kinds": pairs(st.ClockKind),
        "actions": [
            {
                "name": action.name, "label": action.label, "permission": action.permission, "subject": action.subject,
                "sources": sorted(action.sources), "says": action.says, "primary": action.primary,
                "fields": [
                    {
                        "name": field.name, "label": field.label, "type": field.type, "required": field.required,
                        "choices": [{"code": code, "label": label} for code, label in field.choices], "hint": field.hint,
                    }
                    for field in action.fields
                ],
            }
            for action in ACTIONS.values()
        ],
    }  # fmt: skip


@router.get("/orders/{number}")
def one_order(request: Any, number: str) -> dict[str, Any]:
    """One order with everything the page shows."""
    by = actor(request)
    return showing.detail(queries.one(by, number), by)


@router.get("/orders/{number}/events")
def order_events(request: Any, number: str) -> dict[str, Any]:
    """The history, oldest first."""
    return {"items": showing.history(queries.one(actor(request), number))}


@router.post("/orders/{number}/reveal")
def reveal(request: Any, number: str, payload: Reason) -> dict[str, str]:
    """查看隐私信息: the citizen in clear, with a reason, recorded."""
    by = actor(request)
    order = queries.one(by, number)
    if not by.may("reveal"):
        raise Forbidden("no_permission", "您没有查看隐私信息的权限")
    history.record(order, "revealed", by=by, told={"reason": payload.reason, "fields": "姓名、电话、地址"})
    citizen = order.citizen
    return {
        "name": crypto.decrypt(citizen.key, citizen.name_sealed),
        "phone": crypto.decrypt(citizen.key, citizen.phone_sealed),
        "address": crypto.decrypt(citizen.key, citizen.address_sealed),
    }


@router.get("/orders/{number}/routing")
def routing(request: Any, number: str) -> dict[str, Any]:
    """派单目录建议: who leads and assists by the catalogue, and the text that supports it."""
    order = queries.one(actor(request), number)
    return route(order)


def route(order: WorkOrder) -> dict[str, Any]:
    """The catalogue's lines for an order with their units."""
    lines = lines_for(order.matter_id, matters.catalogue()) if order.matter_id else []
    where = where_of(order)
    wanted = {code for line in lines for target in (line.lead, *line.assisting) if (code := unit_code(target, where))}
    units = {}
    for code in sorted(wanted):
        try:
            units.update(units_by_code([code]))
        except Invalid:
            continue  # the catalogue may name a unit that was closed since; the line is shown without it
    shown = []
    for line in lines:
        assisting = [showing.unit(units.get(unit_code(target, where) or "")) for target in line.assisting]
        shown.append(
            {
                "code": line.code, "duty": line.name, "basis": line.basis, "basis_source": line.basis_source,
                "department_work": line.department_work,
                "lead": showing.unit(units.get(unit_code(line.lead, where) or "")),
                "assisting": [item for item in assisting if item],
            }
        )  # fmt: skip
    first = shown[0] if shown else None
    return {"lead": first["lead"] if first else None, "assisting": first["assisting"] if first else [], "lines": shown, "similar": []}


@router.post("/orders/{number}/attachments", response={201: dict[str, Any]})
def attach(request: Any, number: str, file: File[UploadedFile]) -> tuple[int, dict[str, Any]]:
    """上传附件: type decided by content, size limited, metadata of images removed."""
    by = actor(request)
    order = queries.one(by, number)
    return 201, showing.attachment(attachments.attach(order, file, by=by), order)


@router.get("/orders/{number}/attachments/{pk}")
def download(request: Any, number: str, pk: int) -> FileResponse:
    """下载附件."""
    return attachments.download(queries.one(actor(request), number), pk)


class Phone(Schema):
    phone: str = Field(max_length=30)


@router.post("/citizens/lookup")
def lookup(request: Any, payload: Phone) -> dict[str, Any]:
    """来电人历史: open orders first, then the last five. By POST, so that no number stands in a log."""
    by = actor(request)
    digits = digits_only(payload.phone)
    if not by.may("register") and not by.may("call_back"):
        raise Forbidden("no_permission", "您没有查询来电历史的权限")
    hashed = phone_hash(digits)
    person = Citizen.objects.filter(phone_hash=hashed, anonymous=False).exclude(key=None).order_by("-pk").first()
    orders = visible_to(by).filter(citizen__phone_hash=hashed).select_related(*queries.ROW_RELATED).defer("search", "content")
    still_open = list(orders.filter(OPEN).order_by("-received_at")[:10])
    recent = list(orders.order_by("-received_at")[:5])
    return {
        "citizen": {
            "name": mask_name(crypto.decrypt(person.key, person.name_sealed)), "phone": mask_phone(digits),
            "title": person.title, "marks": person.marks,
        } if person else None,
        "open": [showing.row(order) for order in still_open],
        "recent": [showing.row(order) for order in recent],
        "total": orders.count(),
    }  # fmt: skip


class NewView(Schema):
    name: str = Field(min_length=1, max_length=50)
    query: str = Field(max_length=2000)


@router.get("/views")
def views(request: Any) -> dict[str, Any]:
    """常用视图."""
    return {"items": list(SavedView.objects.filter(staff=request.auth).values("id", "name", "query"))}


@router.post("/views", response={201: dict[str, Any]})
def save_view(request: Any, payload: NewView) -> tuple[int, dict[str, Any]]:
    """Save a view, in place of one of the same name."""
    view, _ = SavedView.objects.update_or_create(staff=request.auth, name=payload.name, defaults={"query": payload.query})
    return 201, {"id": view.pk, "name": view.name, "query": view.query}


@router.delete("/views/{pk}", response={204: None})
def delete_view(request: Any, pk: int) -> tuple[int, None]:
    """Forget a view."""
    SavedView.objects.filter(staff=request.auth, pk=pk).delete()
    return 204, None


@dataclass
class _Verb:
    """One verb's endpoint; a class, because each needs the annotation of its own body."""

    action: Action

    def endpoint(self) -> Callable[..., dict[str, Any]]:
        name, body = self.action.name, BODIES[self.action.name]

        def do(request: Any, number: str, payload: Any) -> dict[str, Any]:
            by = actor(request)
            told = payload.model_dump(exclude={"seen", "assignment"}, exclude_none=True)
            move = perform(
                parse_number(number), name, told, by=by, seen=payload.seen, assignment=getattr(payload, "assignment", None)
            )
            return showing.shown(move.order, move.assignments, move.clocks, by)

        do.__annotations__["payload"] = body
        do.__name__ = f"do_{name}"
        do.__doc__ = f"{self.action.label}：{self.action.says}"
        return do


for _action in ACTIONS.values():
    router.post(f"/orders/{{number}}/{_action.name}", summary=_action.label, operation_id=_action.name)(
        _Verb(_action).endpoint()
    )
