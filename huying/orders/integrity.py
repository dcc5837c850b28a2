"""核验历史: recompute the keyed chain of every order's events and say which event was changed, removed or moved.

Whoever has the database but not the master key cannot make a link of the chain. What the chain cannot show: an order
deleted together with all of its events leaves nothing behind that could miss it (compare a backup).
"""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from huying.kernel.identifiers import display

from .flow import ACTIONS, State, event_label
from .flow.actions import FACTS
from .history import link
from .models import Event, WorkOrder

ROWS_AT_ONCE = 2000
MOST_EXPLAINED = (
    200  # strange events whose origin is looked for; above that the database was not touched up but replaced
)
LONGEST_SEARCHED = 120  # events of one order among which a displaced one is looked for: the work grows with the square
FEWEST_FOR_A_WRONG_KEY = 3
HEAD = ("o.id", "o.number", "o.state", "o.last_seq", "o.last_hash")
NAMES = (
    "id", "order_id", "seq", "kind", "at", "actor_id", "actor_name", "unit_id", "unit_name", "role", "from_state",
    "to_state", "content", "hash",
)  # fmt: skip
START = b""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written: `kind` is changed, missing, reordered, foreign, added, head, state or key."""

    number: str
    seq: int
    kind: str
    sentence: str

    def __str__(self) -> str:
        where = f"{display(self.number)} 第{self.seq}条：" if self.number else ""
        return where + self.sentence


@dataclass(slots=True)
class Report:
    """How much was looked at, and what was found."""

    orders: int = 0
    events: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in an order's history where another event should stand: after the one with this hash."""

    number: str
    seq: int
    before: bytes


@dataclass(frozen=True, slots=True)
class _Strange:
    """An event that nothing in its own order explains."""

    number: str
    event: Event
    beyond_head: bool


def check(number: str | None = None) -> Report:
    """核验 all orders, or one by its 15 digits; every history is read once, in order, and nothing is changed."""
    report, places, strange = Report(), list[_Place](), list[_Strange]()
    for _, rows in groupby(_rows(number), key=itemgetter(0)):
        group = list(rows)
        _, order_number, state, last_seq, last_hash, *_ = group[0]
        events = [_event(row[len(HEAD) :]) for row in group if row[len(HEAD)] is not None]
        report.orders += 1
        report.events += len(events)
        walk = _Walk(order_number, int(last_seq), bytes(last_hash), events, search=len(strange) < MOST_EXPLAINED)
        walk.along()
        walk.ends(str(state))
        report.findings += walk.findings
        places += walk.places
        strange += walk.strange
    if FEWEST_FOR_A_WRONG_KEY <= report.events == len(strange):
        sentence = "没有一条历史与摘要相符：很可能 HUYING_MASTER_KEY 不是写入时的主密钥，请核对后重新核验"
        report.findings = [Finding("", 0, "key", sentence)]
        return report
    report.findings += _origins(strange, places)
    if number is None:
        report.findings += _without_order()
    report.findings.sort(key=lambda item: (item.number, item.seq))
    return report


def _rows(number: str | None) -> Iterator[tuple[Any, ...]]:
    """Each event behind the head of its order; one statement, hence one consistent picture while orders move on."""
    columns = ", ".join((*HEAD, *(f"e.{name}" for name in NAMES)))
    where, values = ("WHERE o.number = %s", [number]) if number else ("", [])
    statement = f"SELECT {columns} FROM orders_workorder o LEFT JOIN orders_event e ON e.order_id = o.id {where} ORDER BY o.id, e.seq"
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows


def _event(values: tuple[Any, ...]) -> Event:
    event = Event.from_db(None, NAMES, values)
    if isinstance(event.content, str):  # a plain cursor gives JSON as text
        event.content = json.loads(event.content)
    event.hash = bytes(event.hash)
    return event


class _Walk:
    """The events of one order, walked along the chain."""

    def __init__(self, number: str, last_seq: int, last_hash: bytes, events: list[Event], *, search: bool) -> None:
        self.number = number
        self.last_seq = last_seq
        self.last_hash = last_hash
        self.events = events
        self.search = search and len(events) <= LONGEST_SEARCHED
        self.findings: list[Finding] = []
        self.places: list[_Place] = []
        self.strange: list[_Strange] = []
        self.origins: set[int] = set()  # where displaced events stood when they were written
        self.unproven: set[int] = set()  # events that follow a missing one
        self.accepted: tuple[bytes, ...] = (START,)  # what the next event may follow

    def along(self) -> None:
        """Find the events that do not follow the one before them."""
        expected = 1
        for event in self.events:
            before, gap = self.accepted, event.seq > expected
            if gap:
                self.places.append(_Place(self.number, expected, before[0]))
            expected = event.seq + 1
            computed = [link(previous, self.number, event) for previous in before]
            # where only the stored hash was changed, the next event still follows the computed one
            self.accepted = (bytes(event.hash), *(made for made in computed if made != event.hash))
            if event.hash in computed:
                continue
            stood = self._stood(event)
            if stood is not None and stood != event.seq:
                self.origins.add(stood)
                self._add(event.seq, "reordered", f"“{_kind(event)}”原为第{stood}条，顺序被改动")
            elif stood is None and gap:
                self.unproven.add(event.seq)
            elif stood is None:
                self.places.append(_Place(self.number, event.seq, before[0]))
                self.strange.append(_Strange(self.number, event, event.seq > self.last_seq))
            elif not (gap or self.origins or self.strange):
                self._add(event.seq, "reordered", f"“{_kind(event)}”原来接在另一条之后，顺序被改动")

    def ends(self, state: str) -> None:
        """Find what is missing, and compare the order's own row with the end of its history."""
        last = self.events[-1] if self.events else None
        seq = last.seq if last else 0
        self._missing()
        if seq > self.last_seq and not self.origins and not any(item.beyond_head for item in self.strange):
            self._add(seq, "head", f"工单登记的末条序号为{self.last_seq}，历史却到第{seq}条")
        elif seq == self.last_seq and self.last_hash not in self.accepted and not self.findings:
            self._add(seq, "head", "工单登记的末条摘要与历史的最后一条不符")
        elif seq < self.last_seq:
            self.places.append(_Place(self.number, seq + 1, self.accepted[0]))
        if last and last.to_state != state:
            self._add(
                seq,
                "state",
                f"工单状态为“{_label(state)}”，而历史的最后一条到达的是“{_label(last.to_state)}”：状态未经办理而被改动",
            )

    def _missing(self) -> None:
        absent = sorted(set(range(1, self.last_seq + 1)) - {event.seq for event in self.events} - self.origins)
        for _, run in groupby(enumerate(absent), key=lambda entry: entry[1] - entry[0]):
            seqs = [seq for _, seq in run]
            which = f"第{seqs[0]}条" if len(seqs) == 1 else f"第{seqs[0]}至{seqs[-1]}条"
            after = seqs[-1] + 1
            consequence = f"，第{after}条因此也无法核验" if after in self.unproven else ""
            self._add(seqs[0], "missing", f"历史缺少{which}{consequence}")

    def _stood(self, event: Event) -> int | None:
        """The place in this order at which the event is exactly what was written; None when there is none."""
        if not self.search:
            return None
        hashes = (START, *(bytes(item.hash) for item in self.events))
        last: int = max(self.last_seq, self.events[-1].seq)
        places: tuple[int, ...] = (event.seq, *range(1, last + 1))
        for seq in places:
            if any(_fits(event, _Place(self.number, seq, before)) for before in hashes):
                return seq
        return None

    def _add(self, seq: int, kind: str, sentence: str) -> None:
        self.findings.append(Finding(self.number, seq, kind, sentence))


def _kind(event: Event) -> str:
    return event_label(event.kind) if event.kind in ACTIONS or event.kind in FACTS else event.kind


def _label(state: str) -> str:
    return State(state).label if state in set(State) else state


def _fits(event: Event, place: _Place) -> bool:
    moved = copy.copy(event)
    moved.seq = place.seq
    return link(place.before, place.number, moved) == event.hash


def _origins(strange: list[_Strange], places: list[_Place]) -> list[Finding]:
    """For each strange event: the order it was taken or copied from, else that it was added or changed."""
    searched = strange[:MOST_EXPLAINED]
    near = places[:MOST_EXPLAINED]
    twins = _twins(searched)
    came = {
        item.event.pk: place
        for item in searched
        for place in reversed(near)  # the first place that fits stays
        if place.number != item.number and _fits(item.event, place)
    }
    # the places whose own event was found elsewhere: what follows there is proven by that event
    filled = {
        (place.number, place.seq): item.event.hash
        for item in searched
        if (place := came.get(item.event.pk)) is not None
    }
    foreign = {
        (item.number, item.event.seq)
        for item in strange
        if item.event.pk in came or (item.event.pk, bytes(item.event.hash)) in twins
    }
    found = []
    for item in strange:
        event, label, before = item.event, _kind(item.event), (item.number, item.event.seq - 1)
        if before in filled and link(filled[before], item.number, event) == event.hash:
            continue
        if before in foreign and before not in filled and (item.number, event.seq) not in foreign:
            continue  # said with the one before it: nothing is left that could prove or disprove this one
        origin, twin = came.get(event.pk), twins.get((event.pk, bytes(event.hash)))
        if origin:
            kind, sentence = "foreign", f"“{label}”不属于这张工单，原为 {display(origin.number)} 第{origin.seq}条"
        elif twin:
            kind, sentence = "foreign", f"“{label}”是 {display(twin[0])} 第{twin[1]}条的复制"
        elif item.beyond_head:
            kind, sentence = "added", f"“{label}”不是办理产生的，是后来加进去的"
        else:
            kind, sentence = "changed", f"“{label}”的内容与摘要不符，被改动过"
        after = (item.number, event.seq + 1)
        unproven = kind == "foreign" and (item.number, event.seq) not in filled
        if unproven and any((other.number, other.event.seq) == after for other in strange):
            sentence += f"，第{event.seq + 1}条因此也无法核验"
        found.append(Finding(item.number, event.seq, kind, sentence))
    return found


def _twins(strange: list[_Strange]) -> dict[tuple[int, bytes], tuple[str, int]]:
    """(id, hash) of a strange event -> (number, seq) of another event with the same hash."""
    hashes = {item.event.hash for item in strange}
    if not hashes:
        return {}
    same = list(Event.objects.filter(hash__in=hashes).values_list("pk", "hash", "order__number", "seq"))
    found: dict[tuple[int, bytes], tuple[str, int]] = {}
    for item in strange:
        for pk, hashed, number, seq in same:
            if pk != item.event.pk and bytes(hashed) == item.event.hash:
                found[item.event.pk, bytes(item.event.hash)] = (number, seq)
    return found


def _without_order() -> list[Finding]:
    """Events whose order is gone."""
    gone = Event.objects.exclude(order_id__in=WorkOrder.objects.values("pk")).order_by("order_id", "seq")
    return [
        Finding("", seq, "foreign", f"历史记录（内部编号{pk}，第{seq}条）所属的工单已不存在")
        for pk, seq in gone.values_list("pk", "seq")[:MOST_EXPLAINED]
    ]
