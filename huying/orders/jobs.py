"""Jobs 后台任务: sending notices once, urging on overdue clocks, archiving."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from huying.kernel import clock as kernel_clock
from huying.matters.queries import policy

from . import history
from .flow import State
from .flow.actions import ARCHIVE, URGE
from .models import Clock, Notice, WorkOrder
from .moving import moving
from .notices import TEMPLATES
from .operations.performing import VERBS
from .reading import SYSTEM

BATCH = 200
_senders: list[Any] = []


def use_sender(sender: Any) -> None:
    """Connect the SMS channel (config lists it). `sender(key, phone_sealed_citizen, text) -> receipt`, idempotent by key."""
    _senders[:] = [sender]


@app.task(name="orders.send_notice", retry=5)
def send_notice(order: int, seq: int, template: str) -> None:
    """Make the notice of one event once, and hand it to the channel with a key by which the channel refuses repeats."""
    with transaction.atomic():
        row = WorkOrder.objects.select_related("citizen", "lead_unit").get(pk=order)
        due = f"应于{kernel_clock.local(row.due_at):%m月%d日}前办结" if row.due_at else "将尽快办理"
        text = TEMPLATES[template].format(
            number=row.number, unit=row.lead_unit.short if row.lead_unit else "承办单位", due=due, reason=row.answer[:50],
            question="相关情况",
        )  # fmt: skip
        notice, _ = Notice.objects.get_or_create(
            order=row, event_seq=seq, template=template, defaults={"text": text, "made_at": kernel_clock.now()}
        )
    if notice.sent_at is None and _senders and row.citizen.phone_sealed:
        notice.receipt = _senders[0](f"notice-{notice.pk}", row.citizen, notice.text)
        notice.sent_at = kernel_clock.now()
        notice.save(update_fields=["receipt", "sent_at"])


@app.periodic(cron="* * * * *")
@app.task(name="orders.watch_clocks", queueing_lock="orders.watch_clocks")
def watch_clocks(timestamp: int = 0) -> None:
    """临期提醒 and 超期催办: every clock is warned about once and found overdue once."""
    now = kernel_clock.now()
    waiting = Clock.objects.filter(stopped_at=None, paused_at=None, breached_at=None, warn_at__lte=now)
    for pk, order in waiting.order_by("warn_at").values_list("pk", "order_id")[:BATCH]:
        watch(pk, order)


def watch(pk: int, order_id: int) -> None:
    """One clock: record that it is near or over its time; urge when over."""
    now = kernel_clock.now()
    with transaction.atomic():
        row = (
            WorkOrder.objects.select_for_update(of=("self",), no_key=True)
            .select_related("citizen").defer("search").get(pk=order_id)
        )  # fmt: skip
        found = Clock.objects.filter(pk=pk, stopped_at=None, paused_at=None).select_related("assignment__unit").first()
        if found is None or found.warn_at > now:
            return
        fact = "breached" if found.due_at < now else "warned"
        if (fact == "warned" and found.warned_at) or found.breached_at:
            return
        if fact == "breached":
            found.breached_at = now
        found.warned_at = found.warned_at or now
        found.save(update_fields=["breached_at", "warned_at"])
        if found.kind == "return_window":
            return
        unit = found.assignment.unit.short if found.assignment else ""
        told = {"clock": found.kind, "due_at": found.due_at, "unit": unit}
        history.append(row, fact, by=SYSTEM, told=told, from_state=row.state, to_state=row.state)
        row.save(update_fields=["last_seq", "last_hash"])
    if fact == "breached" and row.state in URGE.sources:
        with moving(row.number, URGE, by=SYSTEM, told={"note": "系统自动催办：已超过时限"}) as move:
            VERBS["urge"](move)


@app.periodic(cron="17 * * * *")
@app.task(name="orders.archive_closed", queueing_lock="orders.archive_closed")
def archive_closed(timestamp: int = 0) -> None:
    """归档 orders closed long enough ago."""
    before = kernel_clock.now() - timedelta(days=policy().archive_after_days)
    for number in WorkOrder.objects.filter(state=State.CLOSED, closed_at__lt=before).values_list("number", flat=True)[:BATCH]:
        with moving(number, ARCHIVE, by=SYSTEM):
            pass
