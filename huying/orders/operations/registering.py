"""登记: from what a citizen said to an order, and what the operator may do with it at once."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zlib import crc32

from django.db import IntegrityError, connection, transaction

from huying.citizens import operations as citizens
from huying.kernel import clock as kernel_clock
from huying.kernel import identifiers, text
from huying.kernel.errors import Forbidden, Invalid, Refused
from huying.language.segmentation import words_for_index
from huying.matters import queries as matters
from huying.places import queries as places

from .. import clocks, history
from ..flow import Actor, Channel, Nature, Outcome, State, Urgency
from ..models import Clock, WorkOrder
from ..moving import Move

TITLE_LIMIT, CONTENT_LIMIT, PLACE_LIMIT = 200, 20_000, 300


@dataclass(frozen=True, slots=True)
class Submission:
    """What came in, from any channel, already of the right types."""

    channel: str
    nature: str
    title: str
    content: str
    matter: str | None = None
    place_text: str = ""
    street: str | None = None
    lat: float | None = None
    lng: float | None = None
    citizen_name: str = ""
    citizen_phone: str = ""
    citizen_title: str = ""
    anonymous: bool = False
    urgency: str | None = None
    confidential: bool | None = None
    source_id: str | None = None
    source_number: str = ""
    received_at: datetime | None = None
    submit: bool = True
    extra: dict[str, Any] = field(default_factory=dict)


def register(submission: Submission, *, by: Actor) -> WorkOrder:
    """登记: make an order. State `draft`, or with `submit` 待派单 (待审核 when drawn for review).

    Errors: Forbidden; Invalid for empty content, unknown codes, bad times; TooLarge; Refused `already_registered`
    when this channel's source_id is there already (details: number).
    """
    if not (by.may("register") or by.may("import") or by.system):
        raise Forbidden("no_permission", "您没有“登记”的权限")
    s = submission
    now = kernel_clock.now()
    title = text.clean(s.title, "title", limit=TITLE_LIMIT, label="标题")
    content = text.clean(s.content, "content", limit=CONTENT_LIMIT, label="诉求内容")
    place_text = text.clean(s.place_text, "place", limit=PLACE_LIMIT, label="地址")
    if not content:
        raise Invalid("content_missing", "请填写诉求内容", errors=[{"field": "content", "sentence": "请填写诉求内容"}])
    received_at = s.received_at or now
    if received_at > now:
        received_at = now
    leaf = matters.matter(s.matter) if s.matter else None
    urgency = s.urgency or (leaf.urgency if leaf else Urgency.NORMAL)
    confidential = s.confidential
    if confidential is None:
        confidential = s.nature == Nature.REPORT and matters.policy().confidential_reports
    street = places.street(s.street) if s.street else None
    with transaction.atomic():
        citizen = citizens.find_or_make(
            name=text.clean(s.citizen_name, "citizen.name", limit=50, label="姓名"), phone=s.citizen_phone,
            title=s.citizen_title, anonymous=s.anonymous, now=now,
        )  # fmt: skip
        order = WorkOrder(
            number=identifiers.order_number(kernel_clock.local(received_at).date(), _next_sequence()),
            state=State.DRAFT, nature=Nature(s.nature), urgency=Urgency(urgency), channel=Channel(s.channel),
            title=title or _title_from(content), content=content, matter=leaf, confidential=confidential,
            place_text=place_text, street=street, area=street.parent if street else None, lat=s.lat, lng=s.lng,
            citizen=citizen, operator_id=by.id, team_id=by.team_id, source_id=s.source_id or None,
            source_number=s.source_number, received_at=received_at, registered_at=now,
        )  # fmt: skip
        words = index_words(order)
        started: list[Clock] = []
        if s.submit:
            order.state = _after_submission(order, by)
            made = clocks.new("review" if order.state == State.IN_REVIEW else "dispatch", order, now)
            if made:
                started.append(made)
                order.clock, order.warn_at, order.due_at = made.kind, made.warn_at, made.due_at
        event = history.append(
            order, "registered", by=by, from_state="", to_state=order.state, save=False,
            told={"channel": s.channel, "source_number": s.source_number, **s.extra},
        )  # fmt: skip
        try:
            with transaction.atomic(savepoint=bool(s.source_id)):
                order.save(force_insert=True)
        except IntegrityError:
            found = WorkOrder.objects.filter(channel=s.channel, source_id=s.source_id).values_list("number", flat=True).first()
            if found is None or not s.source_id:
                raise
            raise Refused("already_registered", f"该来源编号已登记为工单{found}", number=found) from None
        event.order = order
        event.save(force_insert=True)
        for made in started:
            made.order = order
            made.save(force_insert=True)
        set_search(order, words)
    return order


def _next_sequence() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('order_number_sequence')")
        return int(cursor.fetchone()[0])


def _title_from(content: str) -> str:
    first = content.splitlines()[0].strip()
    for stop in "。！？；":
        head = first.split(stop)[0]
        if 4 <= len(head) <= 30:
            return head
    return first[:30]


def _after_submission(order: WorkOrder, by: Actor) -> State:
    """Draw a share of the telephone orders for the team leader's review, evenly by number."""
    share = matters.policy().review_share
    if order.channel == Channel.PHONE and not by.system and crc32(order.number.encode()) % 10_000 < share * 10_000:
        return State.IN_REVIEW
    return State.TO_DISPATCH


def index_words(order: WorkOrder) -> list[str]:
    """The words an order is found by."""
    return words_for_index(f"{order.title}\n{order.content}\n{order.place_text}")


def set_search(order: WorkOrder, words: list[str]) -> None:
    """Store the words; array_to_tsvector needs no dictionary of the server."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_workorder SET search = array_to_tsvector(%s) WHERE id = %s", [words, order.pk])


def submit(move: Move, note: str = "") -> None:
    """提交派单."""
    move.state = _after_submission(move.order, move.by)


def answer(move: Move, answer: str, knowledge: str = "") -> None:
    """直接答复办结."""
    move.order.answer = answer
    close(move, Outcome.ANSWERED)


def refuse(move: Move, reason_code: str, explanation: str, told_citizen: bool) -> None:
    """不予受理: proposed by the operator, confirmed by the team leader."""
    move.order.refusal_reason, move.order.answer = reason_code, explanation


def transfer(move: Move, line: str, mode: str, note: str = "") -> None:
    """转接."""
    close(move, Outcome.TRANSFERRED)


def pass_review(move: Move, note: str = "") -> None:
    """审核通过: on to dispatch, or the refusal is confirmed."""
    if move.order.refusal_reason:
        move.state = State.CLOSED
        close(move, Outcome.REFUSED)
        move.notify("refused")
    else:
        move.state = State.TO_DISPATCH


def fail_review(move: Move, reason: str) -> None:
    """退回话务员."""
    move.order.refusal_reason = move.order.answer = ""


def correct(move: Move, note: str = "", matter: str | None = None, **values: Any) -> None:
    """更正: the former values go into the event."""
    before: dict[str, Any] = {}
    if matter:
        leaf = matters.matter(matter)
        before["matter"] = move.order.matter_id
        move.order.matter = leaf
    for name, value in values.items():
        if value is not None and value != "" and getattr(move.order, name) != value:
            before[name] = getattr(move.order, name)
            setattr(move.order, name, value)
    if not before:
        raise Invalid("nothing_to_correct", "没有需要更正的内容")
    move.told["before"] = before
    set_search(move.order, index_words(move.order))


def ask_citizen(move: Move, question: str) -> None:
    """请诉求人补充."""
    move.order.resume_to = move.order.state
    move.notify("ask_citizen")


def supplement(move: Move, content: str) -> None:
    """补充内容: what the citizen added stands below what was said first."""
    added = f"{move.order.content}\n【补充】{content}"
    move.order.content = text.clean(added, "content", limit=CONTENT_LIMIT, label="诉求内容")
    move.state = State(move.order.resume_to or State.TO_DISPATCH)
    move.order.resume_to = ""
    set_search(move.order, index_words(move.order))


def close(move: Move, outcome: Outcome) -> None:
    """Mark the order as ended, in one way."""
    move.order.outcome = outcome
    move.order.closed_at = move.now


