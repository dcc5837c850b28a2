"""Reading orders 查询: lists, one order, its history. Everything goes through `visible_to`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from huying.citizens.models import Citizen
from huying.citizens.operations import name_hash, phone_hash
from huying.kernel import clock as kernel_clock
from huying.kernel import identifiers, paging
from huying.kernel.clock import LOCAL
from huying.kernel.errors import Forbidden, Invalid, NotFound
from huying.kernel.text import digits_only
from huying.language.segmentation import words_for_query
from huying.people.models import Unit

from . import listing
from .flow import Actor, Channel, Nature, State, Urgency
from .flow.states import Labelled
from .models import OPEN, Assignment, WorkOrder
from .visibility import visible_to


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    orders: list[WorkOrder]
    next: str | None
    total: int
    total_is_estimate: bool


CODES: dict[str, tuple[str, type[Labelled]]] = {
    "state": ("状态", State), "nature": ("性质", Nature), "urgency": ("紧急程度", Urgency), "channel": ("来源渠道", Channel),
}  # fmt: skip
DIGITS = {
    "domain": ("内容分类", (2,)),
    "matter": ("内容分类", (2, 4, 6)),
    "area": ("区县", (6,)),
    "street": ("街道", (9,)),
}
LAMPS = ("red", "yellow", "green")
YEARS = range(2000, 2200)
NAME = re.compile(r"[\u3400-\u9fff·]{2,8}")
NAMESAKES = 200
LONGEST_QUERY = 200


def bad_filter(field: str, sentence: str) -> Invalid:
    """A filter value that cannot be meant."""
    return Invalid("bad_filter", f"筛选条件“{field}”有误：{sentence}", errors=[{"field": field, "sentence": sentence}])


def filtered(actor: Actor, f: Mapping[str, str]) -> QuerySet[WorkOrder]:
    """The visible orders that match the filters of the list. Errors: Invalid `bad_filter`; Forbidden for telephones."""
    found = visible_to(actor)
    for name, (label, kind) in CODES.items():
        wanted = [item for item in f.get(name, "").split(",") if item]
        if not set(wanted) <= set(kind):
            raise bad_filter(name, f"没有这种{label}")
        if wanted:
            found = found.filter(**{f"{name}__in": wanted})
    for name, (label, lengths) in DIGITS.items():
        code = f.get(name, "")
        if code and not (code.isascii() and code.isdigit() and len(code) in lengths):
            raise bad_filter(name, f"{label}编码有误")
    found = _under(found, f.get("domain", ""))
    found = _under(found, f.get("matter", ""))
    if f.get("unit"):
        # by key, not by a join: the planner knows how many orders a unit has only when it sees which
        found = found.filter(lead_unit__in=list(Unit.objects.filter(code=f["unit"]).values_list("pk", flat=True)))
    if f.get("area"):
        found = found.filter(area_id=f["area"])
    if f.get("street"):
        found = found.filter(street_id=f["street"])
    found = _lamp(found, f.get("lamp", ""))
    found = _received(found, f.get("from", ""), f.get("to", ""))
    if _switch(f, "mine"):
        found = found.filter(operator_id=actor.id)
    if _switch(f, "ours"):
        ours = Q(Exists(Assignment.objects.filter(order=OuterRef("pk"), unit_id=actor.unit_id or 0)))
        if actor.team_id:
            ours |= Q(team_id=actor.team_id)
        found = found.filter(ours)
    if f.get("phone"):
        if not actor.may("reveal"):
            raise Forbidden("no_permission", "您没有按电话查询的权限")
        digits = digits_only(f["phone"])
        if not 5 <= len(digits) <= 15:
            raise bad_filter("phone", "电话号码有误")
        found = found.filter(citizen__phone_hash=phone_hash(digits))
    if f.get("queue"):
        found = in_queue(found, f["queue"], actor)
    if f.get("q", "").strip():
        found = _search(found, f["q"], actor)
    return found


def _under(found: QuerySet[WorkOrder], matter: str) -> QuerySet[WorkOrder]:
    """Orders filed under a domain, group or leaf."""
    if not matter:
        return found
    if len(matter) == 6:
        return found.filter(matter_id=matter)
    # a range of keys: a key admits no `startswith`, and the join for it could not use the index of matters
    return found.filter(matter_id__gte=matter, matter_id__lte=matter.ljust(6, "9"))


def _switch(f: Mapping[str, str], name: str) -> bool:
    value = f.get(name, "")
    if value not in ("", "true", "false"):
        raise bad_filter(name, "须为true或false")
    return value == "true"


def _lamp(found: QuerySet[WorkOrder], lamp: str) -> QuerySet[WorkOrder]:
    now = kernel_clock.now()
    match lamp:
        case "":
            return found
        case "red":
            return found.filter(OPEN, due_at__lt=now)
        case "yellow":
            return found.filter(OPEN, due_at__gte=now, warn_at__lte=now)
        case "green":
            return found.filter(OPEN, warn_at__gt=now)
    raise bad_filter("lamp", f"须为{'、'.join(LAMPS)}之一")


def _received(found: QuerySet[WorkOrder], first: str, last: str) -> QuerySet[WorkOrder]:
    """Orders received from the first day to the end of the last."""
    begin, end = (_day(first, "from") if first else None), (_day(last, "to") if last else None)
    if begin and end and begin > end:
        raise bad_filter("to", "止日早于起日")
    if begin:
        found = found.filter(received_at__gte=begin)
    if end:
        found = found.filter(received_at__lt=end + timedelta(days=1))
    return found


def _day(text: str, field: str) -> datetime:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise bad_filter(field, "日期格式有误，应如2026-11-24")
    return datetime.combine(day, time(), LOCAL)


def _search(found: QuerySet[WorkOrder], q: str, actor: Actor) -> QuerySet[WorkOrder]:
    """By order number, telephone or name (exact, through the keyed hash), else by words in title, content, address.

    Telephones and names only for who may see them in clear: with the masked number on the screen, the hidden digits
    could otherwise be found by trying.
    """
    q = q.strip()[:LONGEST_QUERY]
    if identifiers.looks_like_number(q):
        return found.filter(number=identifiers.digits_of(q))
    digits = digits_only(q)
    if actor.may("reveal") and len(digits) >= 7 and len(digits) >= len(re.sub(r"[ \-+()（）]", "", q)) - 2:
        return found.filter(citizen__phone_hash=phone_hash(digits))
    words = words_for_query(q)
    quoted = " & ".join("'" + word.replace("'", "''").replace("\\", "\\\\") + "'" for word in words)
    # raw tsquery text: the words are already segmented, the server must not run a dictionary over them
    matching = Q(pk__in=[])
    if words:
        matching = Q(RawSQL("orders_workorder.search @@ %s::tsquery", [quoted], output_field=BooleanField()))
    if actor.may("reveal") and NAME.fullmatch(q):
        # few rows, read first: an OR over a joined table could use no index
        namesakes = list(Citizen.objects.filter(name_hash=name_hash(q)).values_list("pk", flat=True)[:NAMESAKES])
        if namesakes:
            matching |= Q(citizen_id__in=namesakes)
    return found.filter(matching)


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
            return found.filter(
                Exists(Assignment.objects.filter(order=OuterRef("pk"), state="return_requested")), state="in_progress"
            )
        case "requests":
            asked = Assignment.objects.filter(order=OuterRef("pk")).filter(
                Q(pending_extension=True) | Q(pending_promise=True)
            )
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
    raise bad_filter("queue", "没有这个队列")


def page(actor: Actor, f: Mapping[str, str], *, limit: int, cursor: str | None, sort: str) -> Page:
    """One page: newest first, or by the time to breach."""
    limit = max(1, min(limit, paging.MAX_LIMIT))
    sort = "due" if sort == "due" else "newest"
    matching = filtered(actor, f)
    if sort == "due":
        matching = matching.filter(OPEN, due_at__isnull=False)
    found, before = matching, kernel_clock.now()
    if cursor:
        key, pk = paging.decode(cursor)
        if sort == "due":
            found = matching.filter(Q(due_at__gt=key) | Q(due_at=key, pk__gt=pk), due_at__gte=key)
        else:
            before = key
            found = matching.filter(Q(received_at__lt=key) | Q(received_at=key, pk__lt=pk), received_at__lte=key)
    number: tuple[int, bool] | None = None
    if f.get("q", "").strip():
        rows, number = listing.searched_rows(matching, found, sort, limit + 1, before=before)
    else:
        rows = listing.rows(found, sort, limit + 1)
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        last = rows[-1]
        moment = last.due_at if sort == "due" else None
        following = paging.encode(moment or last.received_at, last.pk)
    if number is None:
        whole = cursor is None and following is None
        number = (len(rows), False) if whole else listing.counted(matching, listing.guessed(matching))
    return Page(rows, following, *number)


def one(actor: Actor, number: str) -> WorkOrder:
    """The order, with what a page about it shows; NotFound when invisible."""
    found = listing.with_page(visible_to(actor)).filter(number=identifiers.parse_number(number)).first()
    if found is None:
        raise NotFound("no_such_order", "没有这张工单，或您无权查看")
    return listing.named([found])[0]


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
            count = (
                in_queue(visible_to(actor), name, actor).order_by().values("pk")[: listing.COUNTED_UP_TO + 1].count()
            )
            found.append({"name": name, "label": label, "count": count, "query": f"queue={name}&sort={sort}"})
    return found
