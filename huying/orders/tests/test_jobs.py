"""Jobs 后台任务: each clock is warned about once, found overdue once, urged once; notices once; archive; crashes between."""

import re
from collections import Counter
from typing import Any

import pytest

from huying.kernel import clock
from huying.orders import jobs, notices, showing
from huying.orders.models import Clock, Event, Notice
from huying.orders.moving import moving
from huying.orders.operations import VERBS
from huying.orders.reading import SYSTEM
from huying.orders.tests.acting import (
    CALLED,
    CONTACT,
    REASON,
    REFUSE,
    UNIT,
    Time,
    do,
    last,
    order_in,
    queued,
    registered,
    row,
    running,
    snapshot,
    time,
)  # fmt: skip

__all__ = ["time"]
pytestmark = pytest.mark.usefixtures("time")


def kinds(number: str) -> Counter[str]:
    return Counter(Event.objects.filter(order__number=number).values_list("kind", flat=True))


def test_warned_once_breached_once_urged_once(time: Time) -> None:
    number = registered()  # to be dispatched within an hour
    time.passes(minutes=47)
    jobs.watch_clocks()
    assert kinds(number) == {"registered": 1}
    time.passes(minutes=1)
    for _ in range(3):
        jobs.watch_clocks()
    assert kinds(number) == {"registered": 1, "warned": 1}
    assert last(number).content == {"clock": "dispatch", "due_at": running(number)["dispatch"].due_at.isoformat()}
    time.passes(minutes=12)
    jobs.watch_clocks()
    assert kinds(number)["breached"] == 0  # due now is not overdue yet
    time.passes(seconds=1)
    for _ in range(3):
        jobs.watch_clocks()
    assert kinds(number) == {"registered": 1, "warned": 1, "breached": 1, "urge": 1}
    assert (row(number).urge_count, last(number).actor_name, last(number).role) == (1, "系统", "system")
    assert "“派单”已超过时限" in last(number).content["note"]
    clock_row = running(number)["dispatch"]
    assert (clock_row.breached_at, clock_row.warned_at is not None) == (clock.now(), True)


def test_found_late_is_breached_without_a_warning_before(time: Time) -> None:
    number = registered()
    time.passes(days=1)
    jobs.watch_clocks()
    assert kinds(number) == {"registered": 1, "breached": 1, "urge": 1}


def test_every_stage_that_is_overdue_is_urged(time: Time) -> None:
    for stage in ("refusal", "registered", "disputed", "reply_review", "to_call_back"):
        number = order_in(stage)
        time.passes(days=10)
        jobs.watch_clocks()
        assert kinds(number)["urge"] == 1, stage


def test_a_right_that_lapses_is_no_overdue_duty(time: Time) -> None:
    number = order_in("contacted")
    time.passes(days=2)
    jobs.watch_clocks()
    assert "return_window" in running(number)
    assert kinds(number)["breached"] == kinds(number)["urge"] == 0


def test_waiting_and_ended_clocks_are_left_alone(time: Time) -> None:
    numbers = [order_in(stage) for stage in ("suspended", "awaiting", "closed", "voided")]
    time.passes(days=60)
    before = snapshot()
    jobs.watch_clocks()
    assert snapshot() == before
    assert [kinds(number)["breached"] for number in numbers] == [0] * 4


def test_many_warned_ones_do_not_hide_an_overdue_one(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    late = registered(urgency="urgent")  # 15 minutes, starts to warn later than those below
    early = [order_in("refusal") for _ in range(3)]  # 30 minutes, warn at 24
    time.passes(minutes=25)
    for _ in range(2):
        jobs.watch_clocks()
    assert kinds(late)["breached"] == 1
    assert [kinds(number)["warned"] for number in early] == [1, 1, 1]
    hours = registered()
    time.passes(minutes=50)
    for _ in range(4):
        jobs.watch_clocks()
    assert kinds(hours)["warned"] == 1


def test_a_crash_between_the_fact_and_the_urging_leaves_neither(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    number = registered()
    time.passes(hours=2)
    before = snapshot()

    def dies(*_: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setitem(VERBS, "urge", dies)
        with pytest.raises(MemoryError):
            jobs.watch(Clock.objects.get(order__number=number, kind="dispatch").pk, row(number).pk)
    assert snapshot() == before
    jobs.watch_clocks()
    assert kinds(number) == {"registered": 1, "breached": 1, "urge": 1}


def test_one_bad_clock_does_not_hide_the_others(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = registered(), registered()
    time.passes(hours=2)
    urge = VERBS["urge"]

    def dies_once(move: Any, **told: Any) -> None:
        if move.order.number == bad:
            raise RuntimeError
        urge(move, **told)

    monkeypatch.setitem(VERBS, "urge", dies_once)
    jobs.watch_clocks()
    assert kinds(bad) == {"registered": 1}
    assert kinds(good) == {"registered": 1, "breached": 1, "urge": 1}


def test_what_was_not_sent_is_queued_again(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    number = order_in("dispatched")
    order = row(number)
    Notice.objects.create(order=order, event_seq=2, template="dispatched", text="已转办", made_at=clock.now())
    monkeypatch.setattr(jobs, "_senders", [])
    time.passes(hours=2)
    assert jobs.send_unsent() == 0
    monkeypatch.setattr(jobs, "_senders", [lambda *_: "ok"])
    assert jobs.send_unsent() == 1
    time.passes(days=4)
    assert jobs.send_unsent() == 0


def test_a_clock_stopped_in_the_meantime_is_nobodys_fault(time: Time) -> None:
    number = order_in("dispatched")
    pk = running(number)["sign"].pk
    do(number, "accept", "handler")
    time.passes(days=1)
    before = snapshot()
    jobs.watch(pk, row(number).pk)
    assert snapshot() == before


# -- 归档


def test_archived_after_seven_days_once(time: Time) -> None:
    closed, voided, young = order_in("closed"), order_in("voided"), None
    time.passes(days=7)
    young = order_in("closed")
    jobs.archive_closed()
    assert [row(number).state for number in (closed, voided)] == ["closed", "closed"]
    time.passes(seconds=1)
    for _ in range(2):
        jobs.archive_closed()
    assert [row(number).state for number in (closed, voided, young)] == ["archived", "archived", "closed"]
    assert kinds(closed)["archive"] == 1


def test_one_that_cannot_be_archived_does_not_keep_the_others(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = order_in("closed"), order_in("closed")
    time.passes(days=8)
    really = moving

    def faster(number: str, *args: Any, **kwargs: Any) -> Any:
        if number == first and row(number).state == "closed":
            do(number, "reopen", "callback", **REASON)
        return really(number, *args, **kwargs)

    monkeypatch.setattr(jobs, "moving", faster)
    jobs.archive_closed()
    assert (row(first).state, row(second).state) == ("to_dispatch", "archived")


def test_merged_and_supervised_ones_wait(time: Time) -> None:
    child, supervised = order_in("merged"), order_in("to_call_back")
    do(supervised, "supervise", "chief", kind="supervise", opinion="领导批示")
    do(supervised, "call_back", "callback", **CALLED)
    time.passes(days=8)
    jobs.archive_closed()
    assert [row(number).state for number in (child, supervised)] == ["closed", "closed"]


# -- 通知


class Phone:
    """A channel that takes each key once, and may fail."""

    def __init__(self) -> None:
        self.sent: dict[str, str] = {}
        self.fails = 0

    def __call__(self, key: str, citizen: object, text: str) -> str:
        if self.fails:
            self.fails -= 1
            raise ConnectionError("gateway away")
        self.sent.setdefault(key, text)
        return f"receipt-{key}"


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    made = Phone()
    monkeypatch.setattr(jobs, "_senders", [made])
    return made


def send_all() -> None:
    """What a worker does with the queue, without taking anything off it."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    for job in ProcrastinateJob.objects.filter(task_name="orders.send_notice").order_by("pk"):
        jobs.send_notice(**job.args)


def test_a_notice_is_made_and_sent_once(phone: Phone) -> None:
    number = order_in("dispatched")
    for _ in range(3):
        send_all()
    assert list(phone.sent.values()) == [
        f"您反映的事项已受理，工单编号{number}，已转雁塔区城管局办理，应于03月17日前办结。"
    ]
    notice = Notice.objects.get()
    assert (notice.sent_at, notice.receipt) == (clock.now(), f"receipt-notice-{notice.pk}")
    assert (kinds(number)["notified"], last(number).content) == (1, {"text": notice.text})


def test_it_says_what_held_when_the_move_was_made(phone: Phone) -> None:
    number = order_in("dispatched")
    do(number, "recall", "dispatcher", **REASON)
    do(number, "dispatch", "dispatcher", lead="city-jtj")
    send_all()
    assert [("雁塔区城管局" in text, "市交通局" in text) for text in phone.sent.values()] == [
        (True, False),
        (False, True),
    ]


def test_a_gateway_that_is_away_is_tried_again(phone: Phone) -> None:
    number = order_in("dispatched")
    phone.fails = 1
    with pytest.raises(ConnectionError):
        send_all()
    assert (Notice.objects.get().sent_at, kinds(number)["notified"]) == (None, 0)
    send_all()
    assert len(phone.sent) == kinds(number)["notified"] == 1


def test_a_crash_after_the_gateway_took_it_sends_nothing_twice(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    from huying.orders import history

    number = order_in("dispatched")

    def dies(*_: Any, **__: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(history, "record", dies)
        with pytest.raises(MemoryError):
            send_all()
    assert Notice.objects.get().sent_at is None
    send_all()
    assert len(phone.sent) == kinds(number)["notified"] == 1


def test_without_a_channel_the_notice_is_kept() -> None:
    order_in("dispatched")
    send_all()
    assert Notice.objects.get().sent_at is None


def test_every_template_is_used_and_says_what_it_should(phone: Phone) -> None:
    refused = order_in("draft")
    do(refused, "refuse", "operator", **REFUSE)
    do(refused, "pass_review", "leader")
    asked = registered()
    do(asked, "ask_citizen", "dispatcher", question="哪个路口？" * 20)
    web = order_in("draft", channel="web")
    do(web, "answer", "operator", answer="可以", knowledge="条例")
    extended = order_in("extension_asked")
    do(extended, "approve_extension", "dispatcher")
    parent, child = order_in("to_call_back"), registered()
    do(child, "merge", "dispatcher", into=parent)
    do(parent, "call_back", "callback", **CALLED)
    promised, suspended = order_in("promised"), order_in("suspended")
    used = {
        name
        for number in (refused, asked, web, extended, parent, child, promised, suspended)
        for name in queued(number)
    }
    assert used == notices.TEMPLATES.keys()
    send_all()
    said = "\n".join(phone.sent.values())
    assert "不予受理，原因：已进入或经信访渠道办结。" in said
    assert "需要补充：" + ("哪个路口？" * 20)[:60] + "……，请致电12345。" in said
    assert "应于09月30日前办结" in said
    assert "应于03月20日前办结" in said
    assert "{" not in said
    assert "138" not in said


def test_contact_words_stay_out_of_the_queue() -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    number = order_in("contacted")
    assert CONTACT["record"] not in str(list(ProcrastinateJob.objects.values_list("args", flat=True)))
    assert {
        item.assignment.unit.code for item in Clock.objects.filter(order__number=number, kind="sign") if item.assignment
    } == {UNIT}


def test_the_history_says_due_times_as_people_do(time: Time) -> None:
    number = registered()
    time.passes(hours=2)
    jobs.watch_clocks()
    shown = showing.history(row(number), SYSTEM)
    due = next(line["value"] for item in shown for line in item["lines"] if line["label"] == "到期时间")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", due)
