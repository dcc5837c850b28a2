"""Jobs 后台任务: sending notices once, urging on overdue clocks, archiving."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huying.kernel import clock as kernel_clock
from huying.kernel.errors import Refused
from huying.matters.queries import policy

from . import history
from .flow import ClockKind, State
from .flow.actions import ARCHIVE, URGE
from .models import Clock, Event, Notice, WorkOrder
from .moving import moving
from .notices import TEMPLATES
from .operations.performing import VERBS
from .reading import ENDED, SYSTEM

BATCH = 1000
UNSENT_FOR = timedelta(days=3)
QUESTION_SHOWN = 60  # characters of a question that go into a short message

logger = logging.getLogger(__name__)
_senders: list[Any] = []


def use_sender(sender: Any) -> None:
    """Connect the SMS channel (config lists it). `sender(key, phone_sealed_citizen, text) -> receipt`, idempotent by key."""
    _senders[:] = [sender]


# a gateway that is away comes back in minutes, not in the same second: 12 tries over about a day
AGAIN = RetryStrategy(max_attempts=12, wait=10, exponential_wait=3)


@app.task(name="orders.send_notice", retry=AGAIN)
def send_notice(order: int, seq: int, template: str, unit: str = "", due: str = "", reason: str = "") -> None:
    """Make the notice of one event once, and hand it to the channel with a key by which the channel refuses repeats."""
    event = Event.objects.select_related("order__citizen").get(order=order, seq=seq)
    question = str(event.content.get("question", ""))
    text = TEMPLATES[template].format(
        number=event.order.number, unit=unit, due=due, reason=reason,
        question=question if len(question) <= QUESTION_SHOWN else f"{question[:QUESTION_SHOWN]}……",
    )  # fmt: skip
    notice, _ = Notice.objects.get_or_create(
        order=event.order, event_seq=seq, template=template, defaults={"text": text, "made_at": kernel_clock.now()}
    )
    if notice.sent_at is None and _senders and event.order.citizen.phone_sealed:
        receipt = _senders[0](f"notice-{notice.pk}", event.order.citizen, notice.text)
        with transaction.atomic():
            sent = Notice.objects.filter(pk=notice.pk, sent_at=None).update(receipt=receipt, sent_at=kernel_clock.now())
            if sent:
                history.record(event.order, "notified", by=SYSTEM, told={"text": notice.text})


@app.periodic(cron="41 * * * *")
@app.task(name="orders.send_unsent", queueing_lock="orders.send_unsent")
def send_unsent(timestamp: int = 0) -> int:
    """补发通知: queue again what was made in the last three days and never sent; returns how many."""
    if not _senders:
        return 0
    now = kernel_clock.now()
    waiting = Notice.objects.filter(
        sent_at=None,
        made_at__gt=now - UNSENT_FOR,
        made_at__lt=now - timedelta(hours=1),
        order__citizen__phone_sealed__isnull=False,
    )
    found = list(waiting.values_list("order_id", "event_seq", "template")[:BATCH])
    for order, seq, template in found:
        send_notice.defer(order=order, seq=seq, template=template)
    return len(found)


@app.periodic(cron="* * * * *")
@app.task(name="orders.watch_clocks", queueing_lock="orders.watch_clocks")
def watch_clocks(timestamp: int = 0) -> None:
    """临期提醒 and 超期催办: every clock is warned about once and found overdue once."""
    now = kernel_clock.now()
    running = Clock.objects.filter(stopped_at=None, paused_at=None, breached_at=None)
    breached = running.filter(due_at__lt=now).order_by("due_at")
    warned = running.filter(warned_at=None, warn_at__lte=now, due_at__gte=now).order_by("warn_at")
    for waiting in (breached, warned):
        for pk, order in list(waiting.values_list("pk", "order_id")[:BATCH]):
            try:
                watch(pk, order)
            except Exception:  # one bad clock must not hide all the others; it is tried again every minute
                logger.exception("clock %s could not be watched", pk)


def watch(pk: int, order_id: int) -> None:
    """One clock: record that it is near or over its time, and urge when over; all of it or nothing."""
    with transaction.atomic():
        row = (
            WorkOrder.objects.select_for_update(of=("self",), no_key=True)
            .select_related("citizen").defer("search").get(pk=order_id)
        )  # fmt: skip
        now = kernel_clock.now()
        found = Clock.objects.filter(pk=pk, stopped_at=None, paused_at=None).select_related("assignment__unit").first()
        if found is None or found.breached_at or found.warn_at > now:
            return
        fact = "breached" if found.due_at < now else "warned"
        if fact == "warned" and found.warned_at:
            return
        if fact == "breached":
            found.breached_at = now
        found.warned_at = found.warned_at or now
        found.save(update_fields=["breached_at", "warned_at"])
        if found.kind == ClockKind.RETURN_WINDOW:
            return  # a right that lapses, no duty that anyone misses
        unit = found.assignment.unit.short if found.assignment else ""
        told = {"clock": found.kind, "due_at": found.due_at, "unit": unit}
        history.append(row, fact, by=SYSTEM, told=told, from_state=row.state, to_state=row.state)
        row.save(update_fields=history.HEAD)
        if fact == "breached" and row.state in URGE.sources:
            note = f"系统自动催办：{unit}“{ClockKind(found.kind).label}”已超过时限"
            with moving(row.number, URGE, by=SYSTEM, told={"note": note}) as move:
                VERBS["urge"](move)


@app.periodic(cron="17 * * * *")
@app.task(name="orders.archive_closed", queueing_lock="orders.archive_closed")
def archive_closed(timestamp: int = 0) -> None:
    """归档 orders closed long enough ago."""
    before = kernel_clock.now() - timedelta(days=policy().archive_after_days)
    ripe = WorkOrder.objects.filter(state=State.CLOSED, closed_at__lt=before, supervised=False)
    ripe = ripe.filter(Q(parent=None) | Q(parent__state__in=ENDED)).order_by("closed_at")
    for number in list(ripe.values_list("number", flat=True)[:BATCH]):
        try:
            with moving(number, ARCHIVE, by=SYSTEM):
                pass
        except Refused as fault:  # somebody was faster; the others are archived all the same
            logger.info("order %s was not archived: %s", number, fault.code)
