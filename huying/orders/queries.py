"""Reading orders 查询: lists, one order, its history. Everything goes through `visible_to`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from huying.citizens.operations import name_hash, phone_hash
from huying.kernel import clock as kernel_clock
from huying.kernel import identifiers, paging
from huying.kernel.clock import LOCAL
from huying.kernel.errors import Invalid, NotFound
from huying.kernel.text import digits_only
from huying.language.segmentation import words_for_query

from .flow import Actor
from .models import OPEN, Assignment, WorkOrder
from .visibility import visible_to

ROW_RELATED = ("citizen", "matter__parent__parent", "area", "street", "lead_unit", "parent")
EXACT_COUNT_BELOW = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    orders: list[WorkOrder]
    next: str | None
    total: int
    total_is_estimate: bool


def filtered(actor: Actor, f: Mapping[str, str]) -> QuerySet[WorkOrder]:
    """The visible orders that match the filters of the list (unknown values are Invalid)."""
    found = visible_to(actor)
    states = [item for item in f.get("state", "").split(",") if item]
    if states:
        found = found.filter(state__in=states)
    for name, column in (("nature", "nature"), ("urgency", "urgency"), ("channel", "channel")):
        if f.get(name):
            found = found.filter(**{f"{column}__in": f[name].split(",")})
    if f.get("domain"):
        found = found.filter(matter_id__startswith=f["domain"])
    if f.get("matter"):
        found = found.filter(matter_id__startswith=f["matter"])
    if f.get("unit"):
        found = found.filter(lead_unit__code=f["unit"])
    if f.get("area"):
        found = found.filter(area_id=f["area"])
    if f.get("street"):
        found = found.filter(street_id=f["street"])
    found = _lamp(found, f.get("lamp", ""))
    if f.get("from"):
        found = found.filter(received_at__gte=_day(f["from"], "from"))
    if f.get("to"):
        found = found.filter(received_at__lt=_day(f["to"], "to") + timedelta(days=1))
    if f.get("mine") == "true":
        found = found.filter(operator_id=actor.id)
    if f.get("ours") == "true":
        ours = Q(Exists(Assignment.objects.filter(order=OuterRef("pk"), unit_id=actor.unit_id or 0)))
        if actor.team_id:
            ours |= Q(team_id=actor.team_id)
        found = found.filter(ours)
    if f.get("phone"):
        found = found.filter(citizen__phone_hash=phone_hash(f["phone"]))
    if f.get("queue"):
        found = in_queue(found, f["queue"], actor)
    if f.get("q"):
        found = _search(found, f["q"])
    return found


def _lamp(found: QuerySet[WorkOrder], lamp: str) -> QuerySet[WorkOrder]:
    now = kernel_clock.now()
    if lamp == "red":
        return found.filter(OPEN, due_at__lt=now)
    if lamp == "yellow":
        return found.filter(OPEN, due_at__gte=now, warn_at__lte=now)
    if lamp == "green":
        return found.filter(OPEN, warn_at__gt=now)
    return found


def _day(text: str, field: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), LOCAL)
    except ValueError:
        raise Invalid("bad_date", "日期格式有误，应如2026-11-24", errors=[{"field": field, "sentence": "日期格式有误"}]) from None


def _search(found: QuerySet[WorkOrder], q: str) -> QuerySet[WorkOrder]:
    """By order number, telephone or name (exact, through the keyed hash), else by words in title, content, address."""
    q = q.strip()[:200]
    if identifiers.looks_like_number(q):
        return found.filter(number=q.replace("-", ""))
    digits = digits_only(q)
    if len(digits) >= 7 and len(digits) >= len(q.replace(" ", "").replace("-", "").replace("+", "")) - 1:
        return found.filter(citizen__phone_hash=phone_hash(digits))
    words = words_for_query(q)
    if not words:
        return found.none()
    quoted = " & ".join("'" + word.replace("'", "''").replace("\\", "\\\\") + "'" for word in words)
    # raw tsquery text: the words are already segmented, the server must not run a dictionary over them
    matches = found.extra(where=["orders_workorder.search @@ %s::tsquery"], params=[quoted])
    if 2 <= len(q) <= 4 and not matches.exists():
        return found.filter(citizen__name_hash=name_hash(q))
    return matches


def in_queue(found: QuerySet[WorkOrder], queue: str, actor: Actor) -> QuerySet[WorkOrder]:
    """One of the work queues by name."""
    own = Assignment.objects.filter(order=OuterRef("pk"), unit_id=actor.unit_id or 0)
    now = kernel_clock.now()
    match queue:
        case "my_drafts":
            return found.filter(state="draft", operator_id=actor.id)
        case "my_today":
            today = datetime.combine(kernel_clock.local(now).date(), time(), LOCAL)
            return found.filter(operator_id=actor.id, received_at__gte=today)
        case "in_review" | "to_dispatch" | "disputed" | "reply_review" | "to_call_back":
            return found.filter(state=queue)
        case "awaiting_citizen":
            return found.filter(state="awaiting_citizen")
        case "returns":
            return found.filter(Exists(Assignment.objects.filter(order=OuterRef("pk"), state="return_requested")), state="in_progress")
        case "requests":
            asked = Assignment.objects.filter(order=OuterRef("pk")).filter(Q(pending_extension=True) | Q(pending_promise=True))
            return found.filter(OPEN, Exists(asked))
        case "to_accept":
            return found.filter(OPEN, Exists(own.filter(state="to_accept")))
        case "handling":
            return found.filter(OPEN, Exists(own.filter(state="handling")))
        case "unit_review":
            return found.filter(OPEN, Exists(own.filter(state="unit_review")))
        case "due_soon":
            return found.filter(OPEN, Exists(own.filter(state__in=["to_accept", "handling"])), warn_at__lte=now)
        case "sent_again":
            return found.filter(OPEN, Exists(own.filter(state="handling", reply__gt="")))
        case "to_contact":
            return found.filter(OPEN, Exists(own.filter(state="handling", part="lead", contacted_at=None, parent=None)))
        case "overdue":
            return found.filter(OPEN, due_at__lt=now)
        case "supervised":
            return found.filter(OPEN, supervised=True)
    raise Invalid("bad_queue", "没有这个队列")


def page(actor: Actor, f: Mapping[str, str], *, limit: int, cursor: str | None, sort: str) -> Page:
    """One page: newest first, or by the time to breach."""
    limit = max(1, min(limit, paging.MAX_LIMIT))
    found = filtered(actor, f)
    counted = found
    if sort == "due":
        found = found.filter(due_at__isnull=False).order_by("due_at", "id")
    else:
        found = found.order_by("-received_at", "-id")
    if cursor:
        key, row = paging.decode(cursor)
        if sort == "due":
            found = found.extra(where=["(orders_workorder.due_at, orders_workorder.id) > (%s, %s)"], params=[key, row])
        else:
            found = found.extra(where=["(orders_workorder.received_at, orders_workorder.id) < (%s, %s)"], params=[key, row])
    rows = list(found.select_related(*ROW_RELATED).defer("search", "content", "answer")[: limit + 1])
    total, estimated = estimate(counted)
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        last = rows[-1]
        following = paging.encode(last.due_at if sort == "due" else last.received_at, last.pk)
    return Page(rows, following, total, estimated)


def estimate(found: QuerySet[WorkOrder]) -> tuple[int, bool]:
    """How many match: exact below a thousand, else the planner's estimate (never a full count of a large table)."""
    sql, params = found.order_by().values("pk")[: EXACT_COUNT_BELOW + 1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({sql}) AS capped", params)
        counted = int(cursor.fetchone()[0])
        if counted <= EXACT_COUNT_BELOW:
            return counted, False
        sql, params = found.order_by().values("pk").query.sql_with_params()
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    return max(EXACT_COUNT_BELOW, int(plan[0]["Plan"]["Plan Rows"])), True


def one(actor: Actor, number: str) -> WorkOrder:
    """The order, with what a page about it shows; NotFound when invisible."""
    found = (
        visible_to(actor).select_related(*ROW_RELATED, "operator", "team").defer("search")
        .filter(number=identifiers.parse_number(number)).first()
    )  # fmt: skip
    if found is None:
        raise NotFound("no_such_order", "没有这张工单，或您无权查看")
    return found


QUEUES: tuple[tuple[str, str, str, str], ...] = (
    # name, label, permission it needs, how it is sorted
    ("my_drafts", "我的草稿", "register", "newest"),
    ("my_today", "我今天登记的", "register", "newest"),
    ("awaiting_citizen", "待补充", "register", "newest"),
    ("in_review", "待审核", "review", "due"),
    ("to_dispatch", "待派单", "dispatch", "due"),
    ("returns", "退单待审", "decide_return", "due"),
    ("disputed", "会商中", "arbitrate", "newest"),
    ("requests", "延期和承诺待审", "decide_extension", "due"),
    ("to_accept", "待签收", "handle", "due"),
    ("to_contact", "待联系诉求人", "handle", "due"),
    ("handling", "办理中", "handle", "due"),
    ("due_soon", "快到期", "handle", "due"),
    ("sent_again", "被退回", "handle", "due"),
    ("unit_review", "待本级审核", "approve_unit", "due"),
    ("reply_review", "答复待审核", "approve_reply", "due"),
    ("to_call_back", "待回访", "call_back", "due"),
    ("overdue", "已超期", "supervise", "due"),
    ("supervised", "督办中", "supervise", "newest"),
)


def queues(actor: Actor) -> list[dict[str, object]]:
    """The work queues of a person's permissions, with counts up to a thousand."""
    found = []
    for name, label, permission, sort in QUEUES:
        if actor.may(permission):
            count = in_queue(visible_to(actor), name, actor).order_by().values("pk")[: EXACT_COUNT_BELOW + 1].count()
            found.append({"name": name, "label": label, "count": count, "query": f"queue={name}&sort={sort}"})
    return found
