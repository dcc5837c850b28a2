"""HTTP: orders. One address per verb, made from the flow table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile
from ninja.responses import Response

from huying.citizens.models import Citizen
from huying.citizens.operations import phone_digits, phone_hash
from huying.kernel import crypto, text
from huying.kernel.errors import Forbidden, Invalid, Refused
from huying.kernel.identifiers import parse_number
from huying.kernel.models import IdempotencyKey
from huying.language.pii import mask_name, mask_phone
from huying.matters import queries as matters
from huying.matters.rules import Where, lines_for, unit_code
from huying.people.queries import active_units
from huying.places import queries as places

from . import answers, attachments, history, listing, queries, showing
from .flow import ACTIONS, Action, Actor, ClockKind, Nature, Urgency
from .flow import states as st
from .models import OPEN, SavedView
from .operations import perform, register
from .operations.dispatching import where_of
from .operations.registering import Submission
from .reading import actor_of
from .schemas import BODIES, Filters, NewOrder, NewView, Phone, Reason
from .visibility import require_share, visible_to

router = Router(tags=["orders"])
IDEMPOTENCY_KEY_LIMIT = 100
# what a caller is told about the time it will take
LIMITS_TOLD = (ClockKind.DISPATCH, ClockKind.SIGN, ClockKind.CONTACT, ClockKind.HANDLE, ClockKind.CALL_BACK)


def actor(request: Any) -> Actor:
    """Who asks."""
    return actor_of(request.auth)


@router.post("/orders", response={201: answers.OrderShown})
def register_order(request: Any, payload: NewOrder) -> HttpResponse:
    """登记. With an Idempotency-Key a repeated request gets the order of the first one."""
    by = actor(request)
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > IDEMPOTENCY_KEY_LIMIT:
        raise Invalid("bad_idempotency_key", f"Idempotency-Key太长，最多{IDEMPOTENCY_KEY_LIMIT}个字符")
    submission = Submission(
        channel=str(payload.channel), nature=str(payload.nature), title=payload.title, content=payload.content,
        matter=payload.matter, place_text=payload.place.text, street=payload.place.street, lat=payload.place.lat,
        lng=payload.place.lng, citizen_name=payload.citizen.name, citizen_phone=payload.citizen.phone,
        citizen_title=payload.citizen.title, anonymous=payload.citizen.anonymous,
        urgency=str(payload.urgency) if payload.urgency else None, confidential=payload.confidential,
        source_id=payload.source_id, source_number=payload.source_number, submit=payload.submit,
    )  # fmt: skip
    if not key:
        return Response(showing.fresh(register(submission, by=by), by), status=201)
    # keyed, because what is told here can be guessed
    fingerprint = crypto.keyed_hash("idempotency", payload.model_dump_json()).hex()
    with transaction.atomic():
        kept, fresh = IdempotencyKey.objects.get_or_create(
            staff_id=request.auth.pk, key=key, defaults={"fingerprint": fingerprint}
        )
        if not fresh:
            if kept.fingerprint != fingerprint:
                raise Refused("idempotency_mismatch", "这次提交与上次内容不同，请刷新后重新登记")
            return Response(showing.present(queries.one(by, kept.order_number), by), status=201)
        made = register(submission, by=by)
        kept.order_number = made.number
        kept.save(update_fields=["order_number"])
    return Response(showing.present(made, by), status=201)


@router.get("/orders", response=answers.OrderPage)
def list_orders(request: Any, filters: Query[Filters]) -> HttpResponse:
    """The list: filters as query values, keyset paging, an estimated total. Errors: Invalid `bad_filter`, `bad_cursor`."""
    asked = filters.model_dump(exclude={"limit", "cursor", "sort"}, by_alias=True, exclude_defaults=True)
    unknown = [name for name in request.GET if name not in Filters.names()]
    if unknown:
        raise queries.bad_filter(unknown[0][:30], "不认识的筛选条件")
    found = queries.page(actor(request), asked, limit=filters.limit, cursor=filters.cursor, sort=filters.sort)
    return Response(
        {
            "items": [showing.row(order) for order in found.orders],
            "next": found.next,
            "estimated_total": found.total,
            "total_is_estimate": found.total_is_estimate,
        }
    )


@router.get("/queues", response=list[answers.QueueShown])
def list_queues(request: Any) -> HttpResponse:
    """My work queues with counts."""
    return Response(queries.queues(actor(request)))


@router.get("/flow", response=answers.FlowShown)
def flow(request: HttpRequest) -> HttpResponse:
    """States, vocabularies and actions with their forms."""

    def pairs(kind: type[st.Labelled]) -> list[dict[str, str]]:
        return [{"code": code, "label": label} for code, label in kind.choices()]

    return Response({
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
    })  # fmt: skip


@router.get("/orders/{number}", response=answers.OrderDetail)
def one_order(request: Any, number: str) -> HttpResponse:
    """One order with everything the page shows."""
    by = actor(request)
    return Response(showing.detail(queries.one(by, number), by))


@router.get("/orders/{number}/events", response=answers.EventList)
def order_events(request: Any, number: str) -> HttpResponse:
    """The history, oldest first."""
    by = actor(request)
    return Response({"items": showing.history(queries.one(by, number), by)})


@router.post("/orders/{number}/reveal", response=answers.CitizenInClear)
def reveal(request: Any, number: str, payload: Reason) -> HttpResponse:
    """查看隐私信息: the citizen in clear, with a reason, recorded."""
    by = actor(request)
    order = queries.one(by, number)
    if not by.may("reveal"):
        raise Forbidden("no_permission", "您没有查看隐私信息的权限")
    require_share(order, by)
    reason = text.clean(payload.reason, "reason", limit=200, label="原因")
    if not reason:
        raise Invalid("reason_missing", "请填写查看原因", errors=[{"field": "reason", "sentence": "请填写查看原因"}])
    history.record(order, "revealed", by=by, told={"reason": reason, "fields": "姓名、电话、地址"})
    citizen = order.citizen
    return Response(
        {
            "name": crypto.decrypt(citizen.key, citizen.name_sealed),
            "phone": crypto.decrypt(citizen.key, citizen.phone_sealed),
            "address": crypto.decrypt(citizen.key, citizen.address_sealed),
        }
    )


@router.get("/orders/{number}/routing", response=answers.Routing)
def routing(request: Any, number: str) -> HttpResponse:
    """派单目录建议: who leads and assists by the catalogue, and the text that supports it."""
    order = queries.one(actor(request), number)
    return Response(route(order.matter_id, where_of(order)))


@router.get("/routing", response=answers.RoutingBefore)
def routing_before(
    request: Any, matter: str, street: str = "", nature: Nature | None = None, urgency: Urgency = Urgency.NORMAL
) -> HttpResponse:
    """派单目录建议 while an order is still being written, and with a nature the limits it will get.

    Errors: Invalid `unknown_matter`, `unknown_street`.
    """
    leaf = matters.matter(matter)
    division = places.street(street) if street else None
    where = Where(division.parent_id or "", division.pk, division.zone) if division else Where()
    limits = []
    for kind in LIMITS_TOLD if nature else ():
        span = matters.span_for(kind, str(nature), str(urgency))
        if span:
            limits.append({"kind": str(kind), "kind_label": str(kind.label), "limit": span.label})
    return Response({**route(leaf.code, where), "limits": limits})


def route(matter: str | None, where: Where) -> dict[str, Any]:
    """The catalogue's lines for a matter at a place, with their units."""
    lines = lines_for(matter, matters.catalogue()) if matter else []
    wanted = {code for line in lines for target in (line.lead, *line.assisting) if (code := unit_code(target, where))}
    units = active_units(sorted(wanted))  # the catalogue may name a unit that was closed since; its place stays empty
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
    return {
        "lead": first["lead"] if first else None,
        "assisting": first["assisting"] if first else [],
        "lines": shown,
        "similar": [],
    }


@router.post("/orders/{number}/attachments", response={201: answers.AttachmentShown})
def attach(request: Any, number: str, file: File[UploadedFile]) -> HttpResponse:
    """上传附件: type decided by content, size limited, metadata of images removed."""
    by = actor(request)
    order = queries.one(by, number)
    require_share(order, by)
    return Response(showing.attachment(attachments.attach(order, file, by=by), order), status=201)


@router.get("/orders/{number}/attachments/{pk}")
def download(request: Any, number: str, pk: int) -> FileResponse:
    """下载附件."""
    return attachments.download(queries.one(actor(request), number), pk)


@router.post("/citizens/lookup", response=answers.CallerHistory)
def lookup(request: Any, payload: Phone) -> HttpResponse:
    """来电人历史: open orders first, then the last five. By POST, so that no number stands in a log.

    A citizen all of whose orders are hidden from this person is not known here either.
    """
    by = actor(request)
    if not by.may("register") and not by.may("call_back"):
        raise Forbidden("no_permission", "您没有查询来电历史的权限")
    digits = phone_digits(payload.phone)
    hashed = phone_hash(digits)
    known = Citizen.objects.filter(phone_hash=hashed, anonymous=False).exclude(key=None)
    person = known.filter(Exists(visible_to(by).filter(citizen=OuterRef("pk")))).order_by("-pk").first()
    orders = listing.lines(visible_to(by).filter(citizen__phone_hash=hashed))
    still_open = listing.named(orders.filter(OPEN).order_by("-received_at")[:10])
    recent = listing.named(orders.order_by("-received_at")[:5])
    citizen = None
    if person:
        name = mask_name(crypto.decrypt(person.key, person.name_sealed))
        citizen = {"name": name, "phone": mask_phone(digits), "title": person.title, "marks": person.marks}
    return Response(
        {
            "citizen": citizen,
            "open": [showing.row(order) for order in still_open],
            "recent": [showing.row(order) for order in recent],
            "total": orders.count(),
        }
    )


@router.get("/views", response=answers.ViewList)
def views(request: Any) -> HttpResponse:
    """常用视图."""
    return Response({"items": list(SavedView.objects.filter(staff=request.auth).values("id", "name", "query"))})


@router.post("/views", response={201: answers.ViewShown})
def save_view(request: Any, payload: NewView) -> HttpResponse:
    """Save a view, in place of one of the same name."""
    name = text.clean(payload.name, "name", limit=50, label="名称")
    query = text.clean(payload.query, "query", limit=2000, label="条件")
    if not name:
        raise Invalid("name_missing", "请填写名称", errors=[{"field": "name", "sentence": "请填写名称"}])
    view, _ = SavedView.objects.update_or_create(staff=request.auth, name=name, defaults={"query": query})
    return Response({"id": view.pk, "name": view.name, "query": view.query}, status=201)


@router.delete("/views/{pk}", response={204: None})
def delete_view(request: Any, pk: int) -> Status[None]:
    """Forget a view."""
    SavedView.objects.filter(staff=request.auth, pk=pk).delete()
    return Status(204, None)


@dataclass
class _Verb:
    """One verb's endpoint; a class, because each needs the annotation of its own body."""

    action: Action

    def endpoint(self) -> Callable[..., HttpResponse]:
        name, body = self.action.name, BODIES[self.action.name]

        def do(request: Any, number: str, payload: Any) -> HttpResponse:
            by = actor(request)
            told = payload.model_dump(exclude={"seen", "assignment"}, exclude_none=True)
            move = perform(parse_number(number), name, told, by=by, seen=payload.seen, assignment=payload.assignment)
            return Response(showing.shown(move.order, move.assignments, move.clocks, by))

        do.__annotations__["payload"] = body
        do.__name__ = f"do_{name}"
        do.__doc__ = f"{self.action.label}：{self.action.says}"
        return do


for _action in ACTIONS.values():
    router.post(
        f"/orders/{{number}}/{_action.name}",
        summary=_action.label,
        operation_id=_action.name,
        response=answers.OrderShown,
    )(_Verb(_action).endpoint())
