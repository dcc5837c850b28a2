"""办理: what the unit does from signing to the reply, and what is decided above it, on the real database."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from huying.kernel import clock
from huying.kernel.clock import LOCAL
from huying.orders.models import Application, Clock, Milestone
from huying.orders.tests.acting import (
    CONTACT,
    EXTEND,
    OTHER,
    PROMISE,
    REASON,
    REPLY,
    SQUAD,
    UNIT,
    Refuses,
    Time,
    Works,
    check_refuses,
    check_works,
    do,
    last,
    on,
    order_in,
    queued,
    refused,
    registered,
    row,
    running,
    shares,
    time,
    with_policy,
)  # fmt: skip

__all__ = ["time"]
pytestmark = pytest.mark.usefixtures("time")
fs = frozenset
HANDLED = fs({"contact", "return_window", "handle"})

WORKS = [
    Works("accept", "dispatched", "handler", {}, stops=fs({"sign"}), says=("assignment_unit",)),
    Works("contact", "dispatched", "handler", CONTACT, stops=fs({"contact"})),
    Works("contact", "accepted", "handler", CONTACT, stops=fs({"contact"})),
    Works("contact", "accepted", "handler", CONTACT | {"reached": False}),
    Works("extend", "contacted", "handler", EXTEND, starts=fs({"extension_decision"})),
    Works("approve_extension", "extension_asked", "dispatcher", {}, stops=fs({"extension_decision"}), notices=("extended",)),
    Works("refuse_extension", "extension_asked", "supervisor", REASON, stops=fs({"extension_decision"})),
    Works("promise", "contacted", "handler", PROMISE, starts=fs({"extension_decision"})),
    Works(
        "approve_promise", "promise_asked", "dispatcher", {}, "promised", fs({"promise"}), fs({"handle", "extension_decision"}),
        ("promised",),
    ),
    Works("refuse_promise", "promise_asked", "supervisor", REASON, stops=fs({"extension_decision"})),
    Works("reach_milestone", "promised", "handler", {"progress": "已立项"}),
    Works("reply", "contacted", "handler", REPLY, "reply_review", fs({"reply_review"}), HANDLED),
    Works(
        "reply", "accepted", "handler", REPLY | {"unreachable_reason": "三次未接"}, "reply_review", fs({"reply_review"}), HANDLED,
    ),
    Works("pass_unit_review", "unit_review", "head", {}, "reply_review", fs({"reply_review"}), HANDLED),
    Works("fail_unit_review", "unit_review", "head", REASON),
    Works("approve", "reply_review", "approver", {}, "to_call_back", fs({"call_back"}), fs({"reply_review"}), ("replied",)),
    Works("approve", "explained", "approver", {"excluded": True}, "closed", stops=fs({"reply_review"}), notices=("closed",)),
    Works("reject", "reply_review", "approver", REASON, "in_progress", fs({"handle"}), fs({"reply_review"})),
    Works("reject", "explained", "approver", REASON, "in_progress", fs({"redo", "contact"}), fs({"reply_review"})),
]  # fmt: skip


def accepted_already(number: str, time: Time) -> None:
    do(number, "accept", "handler")


def overdue(number: str, time: Time) -> None:
    time.is_now(datetime(2026, 3, 17, 18, 0, 0, tzinfo=LOCAL))


def one_day_left(number: str, time: Time) -> None:
    time.is_now(datetime(2026, 3, 16, 18, 0, 1, tzinfo=LOCAL))


def extended_twice(number: str, time: Time) -> None:
    for _ in range(2):
        do(number, "extend", "handler", **EXTEND)
        do(number, "approve_extension", "dispatcher")


def thrice_redone(number: str, time: Time) -> None:
    from huying.orders.models import WorkOrder

    WorkOrder.objects.filter(number=number).update(redo_count=3)


def squad_accepts(number: str, time: Time) -> None:
    do(number, "accept", f"handler@{SQUAD}")


def promise(**changes: Any) -> dict[str, Any]:
    return PROMISE | changes


REFUSES = [
    Refuses("accept", "dispatched", "handler", "not_your_unit", before=accepted_already),
    Refuses("accept", "dispatched", f"handler@{OTHER}", "no_such_order"),
    Refuses("accept", "dispatched", "dispatcher", "no_permission"),
    Refuses("contact", "accepted", "handler", "invalid_fields", {"way": "pigeon", "reached": True, "record": "约定到现场"}),
    Refuses("contact", "accepted", "handler", "invalid_fields", {"way": "phone", "reached": "yes", "record": "约定到现场"}),
    Refuses("contact", "reply_review", "handler", "wrong_state", CONTACT),
    Refuses("extend", "extension_asked", "handler", "extension_pending", EXTEND),
    Refuses("extend", "contacted", "handler", "extensions_used_up", EXTEND, extended_twice),
    Refuses("extend", "contacted", "handler", "already_overdue", EXTEND, overdue),
    Refuses("extend", "contacted", "handler", "too_late_to_extend", EXTEND, one_day_left),
    Refuses("extend", "contacted", "handler", "citizen_not_told", EXTEND | {"told_citizen": False}),
    Refuses("extend", "contacted", "handler", "bad_extension", EXTEND | {"days": 6}),
    Refuses("extend", "contacted", "handler", "bad_extension", EXTEND | {"days": 0}),
    Refuses("extend", "contacted", "handler", "invalid_fields", EXTEND | {"days": -1}),
    Refuses("extend", "contacted", "handler", "invalid_fields", EXTEND | {"days": True}),
    Refuses("extend", "contacted", "handler", "limit_too_short", EXTEND, order={"urgency": "critical"}),
    Refuses("extend", "promised", "handler", "promised", EXTEND),
    Refuses("extend", "handed_down", f"handler@{SQUAD}", "hand_down", EXTEND, squad_accepts),
    Refuses("approve_extension", "contacted", "dispatcher", "no_extension_pending"),
    Refuses("approve_extension", "extension_asked", "handler", "no_permission"),
    Refuses("refuse_extension", "contacted", "supervisor", "no_extension_pending", REASON),
    Refuses("promise", "promise_asked", "handler", "promise_pending", PROMISE),
    Refuses("promise", "contacted", "handler", "invalid_fields", promise(milestones=[])),
    Refuses("promise", "contacted", "handler", "invalid_fields", promise(milestones=[{"title": "", "due_on": "2026-05-01"}])),
    Refuses("promise", "contacted", "handler", "invalid_fields", promise(milestones=[{"title": "立项"}])),
    Refuses("promise", "contacted", "handler", "invalid_fields", promise(milestones=["立项"])),
    Refuses("promise", "contacted", "handler", "invalid_fields", promise(until="明年")),
    Refuses("promise", "contacted", "handler", "invalid_fields", promise(until=20260930)),
    Refuses("promise", "contacted", "handler", "promise_too_long", promise(until="2026-12-11")),
    Refuses("promise", "contacted", "handler", "promise_in_the_past", promise(until="2026-03-10")),
    Refuses("promise", "contacted", "handler", "milestone_after_end", promise(until="2026-07-31")),
    Refuses("promise", "contacted", "handler", "milestone_in_the_past", promise(milestones=[{"title": "立项", "due_on": "2026-03-09"}])),
    Refuses("promise", "handed_down", f"handler@{SQUAD}", "hand_down", PROMISE, squad_accepts),
    Refuses("approve_promise", "contacted", "dispatcher", "no_promise_pending"),
    Refuses("refuse_promise", "contacted", "dispatcher", "no_promise_pending", REASON),
    Refuses("reach_milestone", "contacted", "handler", "wrong_state", {"progress": "已立项"}),
    Refuses("reply", "accepted", "handler", "contact_missing", REPLY),
    Refuses("reply", "handed_down", "handler", "children_unfinished", REPLY),
    Refuses("reply", "promised", "handler", "milestones_left", REPLY),
    Refuses("reply", "dispatched", "handler", "not_your_unit", REPLY),
    Refuses("reply", "contacted", "handler", "invalid_fields", REPLY | {"result": "perhaps"}),
    Refuses("reply", "contacted", "handler", "invalid_fields", {"result": "solved"}),
    Refuses("reply", "contacted", "handler", "invalid_fields", REPLY | {"mood": "good"}),
    Refuses("pass_unit_review", "unit_review", "handler", "no_permission"),
    Refuses("pass_unit_review", "contacted", "head", "not_your_unit"),
    Refuses("fail_unit_review", "contacted", "head", "not_your_unit", REASON),
    Refuses("approve", "reply_review", "approver", "nothing_to_exclude", {"excluded": True}),
    Refuses("approve", "contacted", "approver", "wrong_state"),
    Refuses("reject", "explained", "approver", "redo_used_up", REASON, thrice_redone),
    Refuses("reject", "reply_review", "approver", "invalid_fields", {}),
]  # fmt: skip


@pytest.mark.parametrize("case", WORKS, ids=str)
def test_works(case: Works) -> None:
    check_works(case)


@pytest.mark.parametrize("case", REFUSES, ids=str)
def test_refuses(case: Refuses, time: Time) -> None:
    check_refuses(case, time)


# -- 签收、首次联系


def test_only_reaching_the_citizen_counts_as_contact(time: Time) -> None:
    number = order_in("accepted")
    do(number, "contact", "handler", **CONTACT | {"reached": False})
    assert shares(number)[UNIT].contacted_at is None
    time.passes(hours=1)
    do(number, "contact", "handler", **CONTACT)
    first = clock.now()
    time.passes(hours=1)
    do(number, "contact", "handler", **CONTACT)
    assert shares(number)[UNIT].contacted_at == first
    assert "contact" not in running(number)


def test_what_was_said_to_the_citizen_is_sealed_in_the_history() -> None:
    number = order_in("contacted")
    event = last(number)
    assert "~record" in event.content
    assert CONTACT["record"] not in str(event.content)


# -- 延期


def test_an_extension_moves_the_limit_by_working_days_over_the_weekend() -> None:
    number = order_in("extension_asked")
    do(number, "approve_extension", "dispatcher")
    found, share = running(number)["handle"], shares(number)[UNIT]
    assert found.due_at == share.due_at == datetime(2026, 3, 20, 18, 0, tzinfo=LOCAL)
    assert share.extend_until == datetime(2026, 3, 19, 18, 0, tzinfo=LOCAL)
    assert (share.extensions, share.pending_extension) == (1, False)
    assert row(number).due_at == found.due_at
    assert Application.objects.get().status == "approved"


def test_a_refused_extension_moves_nothing_and_may_be_asked_again() -> None:
    number = order_in("extension_asked")
    before = running(number)["handle"].due_at
    do(number, "refuse_extension", "dispatcher", **REASON)
    assert running(number)["handle"].due_at == before
    assert shares(number)[UNIT].extensions == 0
    do(number, "extend", "handler", **EXTEND)


def test_each_extension_is_at_most_the_original_limit_and_the_cap() -> None:
    consult = order_in("contacted", nature="consult")
    assert refused(consult, "extend", "handler", **EXTEND).code == "bad_extension"
    do(consult, "extend", "handler", **EXTEND | {"days": 2})
    with_policy(extension_cap_days=1)
    assert refused(order_in("contacted"), "extend", "handler", **EXTEND | {"days": 2}).code == "bad_extension"


def test_an_urgent_order_of_a_day_gets_a_day() -> None:
    number = order_in("contacted", urgency="urgent")
    assert refused(number, "extend", "handler", **EXTEND | {"days": 2}).code == "bad_extension"
    do(number, "extend", "handler", **EXTEND | {"days": 1})


def test_the_margin_is_policy(time: Time) -> None:
    with_policy(extension_margin_days=3)
    number = order_in("contacted")
    time.is_now(datetime(2026, 3, 12, 18, 0, 0, tzinfo=LOCAL))
    do(number, "note_down", "handler", note="还在期限内")
    assert shares(number)[UNIT].extend_until == clock.now()
    time.passes(seconds=1)
    assert refused(number, "extend", "handler", **EXTEND).code == "too_late_to_extend"


def test_the_limits_below_follow_an_extension() -> None:
    number = order_in("handed_down")
    do(number, "extend", "handler", **EXTEND)
    do(number, "approve_extension", "dispatcher")
    above, below = (running(number, unit)["handle"].due_at for unit in (UNIT, SQUAD))
    assert above == below == shares(number)[SQUAD].due_at


def test_a_reply_makes_an_undecided_extension_void_and_the_next_one_is_its_own() -> None:
    number = order_in("extension_asked")
    do(number, "reply", "handler", **REPLY)
    assert Application.objects.get().status == "lapsed"
    do(number, "reject", "approver", **REASON)
    do(number, "extend", "handler", **EXTEND | {"days": 1})
    before = running(number)["handle"].due_at
    do(number, "approve_extension", "dispatcher")
    assert running(number)["handle"].due_at == before + timedelta(days=1)  # Wednesday, one working day


def test_an_extension_can_be_decided_while_the_unit_reviews_its_reply() -> None:
    number = order_in("unit_review")
    do(number, "fail_unit_review", "head", **REASON)
    do(number, "extend", "handler", **EXTEND)
    do(number, "reply", "handler", **REPLY)
    do(number, "approve_extension", "dispatcher")
    assert shares(number)[UNIT].state == "unit_review"


# -- 承诺办理


def test_a_promise_replaces_the_limit_by_its_date_and_milestones() -> None:
    number = order_in("promised")
    share, found = shares(number)[UNIT], running(number)["promise"]
    assert found.due_at == share.due_at == row(number).due_at == datetime(2026, 9, 30, 23, 59, tzinfo=LOCAL)
    assert clock.now() < found.warn_at < found.due_at
    assert abs(float(found.amount) - (found.due_at - clock.now()) / timedelta(hours=1)) < 0.01
    assert [(item.title, item.due_on) for item in Milestone.objects.all()] == [
        ("立项", on("2026-05-01")),
        ("施工", on("2026-08-01")),
    ]
    assert row(number).open_milestones == 2


def test_a_promise_is_kept_step_by_step_and_then_answered() -> None:
    number = order_in("promised")
    for left in (1, 0):
        do(number, "reach_milestone", "handler", progress="已完成")
        assert row(number).open_milestones == left
    assert refused(number, "reach_milestone", "handler", progress="又完成").code == "no_open_milestone"
    do(number, "reply", "handler", **REPLY)
    assert row(number).state == "reply_review"
    do(number, "reject", "approver", **REASON)
    assert (row(number).state, set(running(number))) == ("promised", {"promise"})


def test_only_the_lead_promises() -> None:
    number = order_in("with_assisting")
    do(number, "accept", f"handler@{OTHER}")
    assert refused(number, "promise", f"handler@{OTHER}", **PROMISE).code == "not_lead"


def test_a_promise_ends_a_waiting_extension_and_binds_those_below() -> None:
    number = order_in("handed_down")
    do(number, "extend", "handler", **EXTEND)
    do(number, "promise", "handler", **PROMISE)
    do(number, "approve_promise", "dispatcher")
    assert set(Application.objects.values_list("kind", "status")) == {("extension", "lapsed"), ("promise", "approved")}
    assert {running(number, unit)["promise"].due_at for unit in (UNIT, SQUAD)} == {row(number).due_at}
    assert set(running(number, UNIT)) == {"return_window", "promise"}


def test_a_later_promise_supersedes_what_was_left_of_an_earlier_one() -> None:
    number = order_in("promised")
    do(number, "reach_milestone", "handler", progress="已立项")
    do(number, "reach_milestone", "handler", progress="已施工")
    for verb, name, told in (
        ("reply", "handler", REPLY), ("approve", "approver", {}), ("redo", "callback", REASON), ("contact", "handler", CONTACT),
        ("promise", "handler", PROMISE), ("approve_promise", "dispatcher", {}),
    ):  # fmt: skip
        do(number, verb, name, **told)
    assert row(number).open_milestones == 2 == Milestone.objects.filter(reached_at=None).count()


# -- 答复与审核


def test_the_unit_reviews_before_it_answers() -> None:
    number = order_in("unit_review")
    assert (row(number).state, row(number).answer, set(running(number))) == (
        "in_progress",
        "",
        {"return_window", "handle"},
    )
    do(number, "fail_unit_review", "head", **REASON)
    do(number, "reply", "handler", **REPLY)
    do(number, "pass_unit_review", "head")
    assert (row(number).state, row(number).answer) == ("reply_review", REPLY["content"])


def test_the_order_waits_for_all_its_units() -> None:
    number = order_in("with_assisting")
    for verb, told in (("accept", {}), ("contact", CONTACT), ("reply", REPLY)):
        do(number, verb, "handler", **told)
    assert row(number).state == "in_progress"
    do(number, "accept", f"handler@{OTHER}")
    do(number, "reply", f"handler@{OTHER}", **REPLY)
    assert (row(number).state, set(running(number))) == ("reply_review", {"reply_review"})


def test_a_rejected_reply_leaves_exactly_the_time_that_was_left(time: Time) -> None:
    """Answered on the 12th at 10:00 with two and a half days left; the review takes a weekend."""
    time.is_now(datetime(2026, 3, 10, 10, 0, tzinfo=LOCAL))
    number = order_in("contacted")
    time.is_now(datetime(2026, 3, 12, 10, 0, tzinfo=LOCAL))
    do(number, "reply", "handler", **REPLY)
    time.is_now(datetime(2026, 3, 16, 10, 0, tzinfo=LOCAL))
    do(number, "reject", "approver", **REASON)
    again = running(number)["handle"]
    assert again.due_at == shares(number)[UNIT].due_at == datetime(2026, 3, 19, 18, 0, tzinfo=LOCAL)
    assert Clock.objects.filter(order__number=number, kind="handle").count() == 2


def test_a_late_reply_that_is_rejected_stays_late(time: Time) -> None:
    number = order_in("contacted")
    time.is_now(datetime(2026, 3, 19, 10, 0, tzinfo=LOCAL))
    do(number, "reply", "handler", **REPLY)
    time.passes(hours=1)
    do(number, "reject", "approver", **REASON)
    assert running(number)["handle"].due_at < clock.now()


def test_closing_as_explained_takes_a_second_person() -> None:
    number = order_in("explained")
    order = row(number)
    assert (order.state, order.explanation_pending, order.satisfied, order.solved) == (
        "reply_review",
        True,
        "unsatisfied",
        False,
    )
    do(number, "approve", "approver")
    order = row(number)
    assert (order.outcome, order.excluded, order.explanation_pending, order.satisfied) == (
        "explained",
        False,
        False,
        "unsatisfied",
    )


def test_exclusion_is_recorded() -> None:
    number = order_in("explained")
    do(number, "approve", "approver", excluded=True)
    assert row(number).excluded
    assert last(number).content["excluded"] is True


def test_who_does_not_agree_has_it_done_again() -> None:
    number = order_in("explained")
    do(number, "reject", "approver", **REASON)
    order = row(number)
    assert (order.redo_count, order.explanation_pending, shares(number)[UNIT].state) == (1, False, "handling")


def test_citizens_are_told_each_thing_once() -> None:
    number = order_in("extension_asked")
    do(number, "approve_extension", "dispatcher")
    do(number, "reply", "handler", **REPLY)
    do(number, "reject", "approver", **REASON)
    do(number, "reply", "handler", **REPLY)
    do(number, "approve", "approver")
    assert queued(number) == ["dispatched", "extended", "replied"]


def test_orders_without_a_limit_have_no_clock_and_nothing_to_extend() -> None:
    from huying.matters import queries
    from huying.matters.models import LimitRule

    LimitRule.objects.filter(kind="handle").update(active=False)
    queries.clear()
    number = registered()
    do(number, "dispatch", "dispatcher", lead=UNIT)
    do(number, "accept", "handler")
    assert "handle" not in running(number)
    assert refused(number, "extend", "handler", **EXTEND).code == "no_handling_limit"
