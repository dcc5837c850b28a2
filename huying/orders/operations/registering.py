"""登记: from what a citizen said to an order, and what the operator may do with it at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from zlib import crc32

from django.db import IntegrityError, connection, transaction

from huying.citizens import operations as citizens
from huying.citizens.models import Citizen
from huying.kernel import clock as kernel_clock
from huying.kernel import identifiers, text
from huying.kernel.copying import Lexemes, insert_many
from huying.kernel.errors import Forbidden, HuyingError, Invalid, Refused
from huying.language.segmentation import words_for_index
from huying.matters import queries as matters
from huying.matters.models import Matter
from huying.places import queries as places
from huying.places.models import Division

from .. import clocks, history
from ..flow import Actor, Channel, Nature, Outcome, State, Urgency
from ..models import Clock, Event, WorkOrder
from ..moving import Move
from ..visibility import visible_to
from .ending import close

TITLE_LIMIT, CONTENT_LIMIT, PLACE_LIMIT, SOURCE_LIMIT = 200, 20_000, 300, 100


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

    Errors: Forbidden; Invalid for empty content, unknown codes, bad numbers; TooLarge; Refused `already_registered`
    when this channel's source_id is there already (details: number).
    """
    made = register_many([submission], by=by)[0]
    if isinstance(made, HuyingError):
        raise made
    return made


def register_many(submissions: Sequence[Submission], *, by: Actor) -> list[WorkOrder | HuyingError]:
    """批量登记: at the place of each submission its order, or the error that `register` raises for it.

    One transaction and about a dozen statements, however many there are; an error of one does not keep the others.
    Errors of the whole: Forbidden.
    """
    if not (by.may("register") or by.may("import") or by.system):
        raise Forbidden("no_permission", "您没有“登记”的权限")
    now = kernel_clock.now()
    leaves = matters.leaves({s.matter for s in submissions if s.matter})
    streets = places.streets({s.street for s in submissions if s.street})
    results: list[WorkOrder | HuyingError | None] = [None] * len(submissions)
    entries: list[_Entry] = []
    for place, submission in enumerate(submissions):
        try:
            entries.append(_checked(place, submission, now, leaves, streets))
        except HuyingError as fault:
            results[place] = fault
    for last in (False, False, True):
        try:
            with transaction.atomic():
                made = _insert(entries, by, now) if entries else {}
            break
        except IntegrityError:
            # another process was faster with a source_id, or the day's numbers came round: look again, number anew
            if last:
                raise
    return [made[place] if found is None else found for place, found in enumerate(results)]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A submission that can be stored: cleaned texts, rows for codes."""

    place: int
    submission: Submission
    title: str
    content: str
    place_text: str
    source_id: str
    source_number: str
    nature: Nature
    channel: Channel
    urgency: Urgency
    confidential: bool
    received_at: datetime
    matter: Matter | None
    street: Division | None
    caller: citizens.Caller
    words: list[str]


def _checked(
    place: int, s: Submission, now: datetime, leaves: Mapping[str, Matter], streets: Mapping[str, Division]
) -> _Entry:
    """What needs no writing: texts, codes and numbers of one submission. Errors: Invalid, TooLarge."""
    title = text.clean(s.title, "title", limit=TITLE_LIMIT, label="标题")
    content = text.clean(s.content, "content", limit=CONTENT_LIMIT, label="诉求内容")
    place_text = text.clean(s.place_text, "place", limit=PLACE_LIMIT, label="地址")
    source_id = text.clean(s.source_id or "", "source_id", limit=SOURCE_LIMIT, label="来源编号")
    source_number = text.clean(s.source_number, "source_number", limit=SOURCE_LIMIT, label="原编号")
    if not content:
        raise Invalid("content_missing", "请填写诉求内容", errors=[{"field": "content", "sentence": "请填写诉求内容"}])
    for value, bound in ((s.lat, 90), (s.lng, 180)):
        if value is not None and not -bound <= value <= bound:  # false for nan, too
            raise Invalid(
                "bad_coordinates", "经纬度超出范围，请核对", errors=[{"field": "place", "sentence": "经纬度超出范围"}]
            )
    leaf = (leaves.get(s.matter) or matters.unknown(s.matter)) if s.matter else None
    street = (streets.get(s.street) or places.unknown_street(s.street)) if s.street else None
    nature = _code(Nature, s.nature, "nature", "性质")
    confidential = s.confidential
    if confidential is None:
        confidential = nature == Nature.REPORT and matters.policy().confidential_reports
    return _Entry(
        place, s, title or _title_from(content), content, place_text, source_id, source_number, nature,
        _code(Channel, s.channel, "channel", "来源渠道"),
        _code(Urgency, s.urgency or (leaf.urgency if leaf else Urgency.NORMAL), "urgency", "紧急程度"), confidential,
        min(s.received_at or now, now), leaf, street,
        citizens.Caller(
            text.clean(s.citizen_name, "citizen.name", limit=50, label="姓名"), citizens.phone_digits(s.citizen_phone),
            text.clean(s.citizen_title, "citizen.title", limit=10, label="称呼"), s.anonymous,
        ),
        words_for_index(f"{title or _title_from(content)}\n{content}\n{place_text}"),
    )  # fmt: skip


L = TypeVar("L", Nature, Channel, Urgency)


def _code(kind: type[L], code: str, field: str, label: str) -> L:
    try:
        return kind(code)
    except ValueError:
        raise Invalid(
            f"unknown_{field}", f"没有编码为“{code}”的{label}", errors=[{"field": field, "sentence": "编码不存在"}]
        ) from None


def _insert(entries: Sequence[_Entry], by: Actor, now: datetime) -> dict[int, WorkOrder | HuyingError]:
    """Orders, events and clocks of the entries whose source is not there yet, inside a transaction."""
    there = _already_there(entries)
    fresh: list[_Entry] = []
    repeats: list[_Entry] = []
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        source = (str(entry.channel), entry.source_id)
        (repeats if entry.source_id and (source in there or source in seen) else fresh).append(entry)
        seen.add(source)
    people = citizens.find_or_make_many([entry.caller for entry in fresh], now=now)
    orders: list[WorkOrder] = []
    started: list[Clock] = []
    events: list[Event] = []
    for entry, citizen, sequence in zip(fresh, people, _next_sequences(len(fresh)), strict=True):
        order = _order(entry, citizen, sequence, by, now)
        if entry.submission.submit:
            order.state = _after_submission(order, by)
            made = clocks.new("review" if order.state == State.IN_REVIEW else "dispatch", order, now)
            if made:
                started.append(made)
                order.clock, order.warn_at, order.due_at = made.kind, made.warn_at, made.due_at
        told = {"channel": str(entry.channel), "source_number": entry.source_number, **entry.submission.extra}
        events.append(
            history.append(order, "registered", by=by, from_state="", to_state=order.state, save=False, told=told)
        )
        there[order.channel, entry.source_id] = order.number
        orders.append(order)
    insert_many(orders)
    for order in orders:
        del order.search  # an expression; from now on it is read when somebody asks for it
    insert_many(events)
    insert_many(started)
    results: dict[int, WorkOrder | HuyingError] = {
        entry.place: order for entry, order in zip(fresh, orders, strict=True)
    }
    if repeats:
        numbers = {there[str(entry.channel), entry.source_id] for entry in repeats}
        known = numbers if by.system or by.may("import") else _visible_numbers(by, numbers)
        for entry in repeats:
            number = there[str(entry.channel), entry.source_id]
            results[entry.place] = (
                Refused("already_registered", f"该来源编号已登记为工单{number}", number=number)
                if number in known
                else Refused("already_registered", "该来源编号已登记过")
            )
    return results


def _visible_numbers(by: Actor, numbers: set[str]) -> set[str]:
    return set(visible_to(by).filter(number__in=numbers).values_list("number", flat=True))


def _order(entry: _Entry, citizen: Citizen, sequence: int, by: Actor, now: datetime) -> WorkOrder:
    """The row of an order, not yet saved."""
    return WorkOrder(
        number=identifiers.order_number(kernel_clock.local(entry.received_at).date(), sequence), state=State.DRAFT,
        nature=entry.nature, urgency=entry.urgency, channel=entry.channel, title=entry.title, content=entry.content,
        matter=entry.matter, confidential=entry.confidential, place_text=entry.place_text, street=entry.street,
        area=entry.street.parent if entry.street else None, lat=entry.submission.lat, lng=entry.submission.lng,
        citizen=citizen, operator_id=by.id, team_id=by.team_id, source_id=entry.source_id or None,
        source_number=entry.source_number, received_at=entry.received_at, registered_at=now, search=Lexemes(entry.words),
    )  # fmt: skip


def _already_there(entries: Sequence[_Entry]) -> dict[tuple[str, str], str]:
    """(channel, source_id) -> number of the orders that were registered before."""
    wanted: dict[str, list[str]] = {}
    for entry in entries:
        if entry.source_id:
            wanted.setdefault(entry.channel, []).append(entry.source_id)
    there: dict[tuple[str, str], str] = {}
    for channel, ids in wanted.items():
        found = WorkOrder.objects.filter(channel=channel, source_id__in=ids).values_list("source_id", "number")
        there |= {(str(channel), str(source_id)): number for source_id, number in found}
    return there


def _next_sequences(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('order_number_sequence') FROM generate_series(1, %s)", [count])
        return [int(row[0]) for row in cursor.fetchall()]


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
    """Store the words an order is found by."""
    WorkOrder.objects.filter(pk=order.pk).update(search=Lexemes(words))


def submit(move: Move, note: str = "") -> None:
    """提交派单."""
    move.state = _after_submission(move.order, move.by)
    move.order.proposed_by_id = move.by.id
    if move.order.operator_id is None and not move.by.system:
        # what came in without an operator belongs to the one who takes it up
        move.order.operator_id, move.order.team_id = move.by.id, move.by.team_id


def answer(move: Move, answer: str, knowledge: str = "") -> None:
    """直接答复办结."""
    move.order.answer = answer
    close(move, Outcome.ANSWERED)
    if move.order.channel != Channel.PHONE:  # on the telephone the citizen has just heard it
        move.notify("answered")


def refuse(move: Move, reason_code: str, explanation: str, told_citizen: bool) -> None:
    """不予受理: proposed by the operator, confirmed by the team leader."""
    move.order.refusal_reason, move.order.answer = reason_code, explanation
    move.order.proposed_by_id = move.by.id


def transfer(move: Move, line: str, mode: str, note: str = "") -> None:
    """转接."""
    close(move, Outcome.TRANSFERRED)


def pass_review(move: Move, note: str = "") -> None:
    """审核通过: on to dispatch, or the refusal is confirmed."""
    if move.order.refusal_reason:
        close(move, Outcome.REFUSED)
        move.notify("refused")
    else:
        move.state = State.TO_DISPATCH


def fail_review(move: Move, reason: str) -> None:
    """退回话务员."""
    move.order.refusal_reason = move.order.answer = ""
    move.order.proposed_by = None


def correct(
    move: Move, note: str = "", matter: str | None = None, street: str | None = None, **values: Any
) -> None:  # fmt: skip
    """更正: the former values go into the event; clocks that run keep the rule they started with."""
    before: dict[str, Any] = {}
    _keep_confidence(move, values)
    if matter and matter != move.order.matter_id:
        leaf = matters.matter(matter)
        before["matter"] = move.order.matter_id
        move.order.matter = leaf
    if street and street != move.order.street_id:
        found = places.streets({street}).get(street) or places.unknown_street(street)
        before["street"] = move.order.street_id
        move.order.street, move.order.area = found, found.parent
    for name, value in values.items():
        if value is not None and value != "" and getattr(move.order, name) != value:
            before[name] = getattr(move.order, name)
            setattr(move.order, name, value)
    if not before:
        raise Invalid("nothing_to_correct", "没有需要更正的内容")
    move.told["before"] = before
    set_search(move.order, index_words(move.order))


def _keep_confidence(move: Move, values: dict[str, Any]) -> None:
    """保密: what becomes 举报 becomes confidential unless told otherwise; only who sees all such orders may lift it."""
    order = move.order
    if values.get("nature") == Nature.REPORT and order.nature != Nature.REPORT and values.get("confidential") is None:
        values["confidential"] = order.confidential or matters.policy().confidential_reports
    wanted = values.get("confidential")
    if wanted is None or wanted == order.confidential:
        return
    if not wanted and not move.by.may("see_confidential"):
        raise Refused("confidentiality_kept", "您不能解除保密，请由派单员或督办员更正")
    if order.parent_id or order.children_count:
        raise Refused("confidentiality_merged", "并单的工单不能改变保密，请先解除并单")


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
