"""回访与办结: call-back, redo, ending, merging, and what happens on the way or afterwards, on the real database."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from huying.kernel import clock
from huying.kernel.identifiers import order_number
from huying.orders.models import CallBackAttempt, Clock, Event, Supervision, WorkOrder
from huying.orders.tests.acting import (
    CALLED,
    CONTACT,
    EXPLAIN,
    GONE_NUMBER,
    OTHER,
    REASON,
    REPLY,
    SQUAD,
    STREET,
    UNHAPPY,
    UNIT,
    UNREACHED,
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


def another(number: str) -> str:
    """The number of a second order."""
    return registered()


def itself(number: str) -> str:
    return number


def unreached(times: int, hours: float = 2) -> Callable[[str, Time], None]:
    def call(number: str, time: Time) -> None:
        for _ in range(times):
            do(number, "call_back", "callback", **UNREACHED)
            time.passes(hours=hours)

    return call


SUPERVISE: dict[str, Any] = {"kind": "on_site", "opinion": "一周内办结", "due_on": "2026-03-17"}
ASSIGNED = fs({"sign", "contact", "return_window", "handle"})
WORKS = [
    Works("call_back", "to_call_back", "callback", CALLED, "closed", stops=fs({"call_back"}), notices=("closed",)),
    Works("call_back", "to_call_back", "callback", CALLED | {"next": "close"}, "closed", stops=fs({"call_back"}), notices=("closed",)),
    Works("call_back", "to_call_back", "callback", UNREACHED),
    Works("call_back", "to_call_back", "callback", UNHAPPY, "in_progress", fs({"redo", "contact"}), fs({"call_back"})),
    Works("call_back", "to_call_back", "callback", EXPLAIN, "reply_review", fs({"reply_review"}), fs({"call_back"})),
    Works("redo", "to_call_back", "callback", REASON, "in_progress", fs({"redo", "contact"}), fs({"call_back"})),
    Works("urge", "accepted", "operator", {"note": "来电催办"}),
    Works("urge", "handed_down", "handler", {}),
    Works("supervise", "accepted", "chief", SUPERVISE),
    Works("finish_supervision", "supervised", "supervisor", {"conclusion": "已落实"}),
    Works("suspend", "accepted", "supervisor", REASON, "suspended", notices=("suspended",)),
    Works("suspend", "promised", "dispatcher", REASON, "suspended", notices=("suspended",)),
    Works("suspend", "disputed", "dispatcher", REASON, "suspended", notices=("suspended",)),
    Works("resume", "suspended", "dispatcher", {}, "in_progress"),
    Works("resume", "awaiting", "dispatcher", {"note": "诉求人未补充，按现有内容办理"}, "to_dispatch"),
    Works("merge", "registered", "dispatcher", {"into": another}, "closed", stops=fs({"dispatch"}), notices=("merged",)),
    Works("merge", "accepted", "leader", {"into": another}, "closed", stops=ASSIGNED, notices=("merged",)),
    Works("unmerge", "merged", "dispatcher", REASON, "to_dispatch", fs({"dispatch"})),
    Works("void", "draft", "leader", REASON, "closed"),
    Works("void", "accepted", "dispatcher", REASON, "closed", stops=ASSIGNED),
    Works("withdraw", "handed_down", "operator#2", REASON, "closed", stops=ASSIGNED),
    Works("withdraw", "suspended", "operator", REASON, "closed", stops=ASSIGNED),
    Works("reopen", "closed", "callback", REASON, "to_dispatch", fs({"dispatch"})),
    Works("reopen", "archived", "supervisor", REASON, "to_dispatch", fs({"dispatch"})),
    Works("reopen", "refused", "chief", REASON, "to_dispatch", fs({"dispatch"})),
    Works("archive", "closed", "chief", {}, "archived"),
    Works("note_down", "accepted", "quality", {"note": "录音与工单一致"}),
    Works("note_down", "closed", "operator", {"note": "诉求人来电致谢"}),
]  # fmt: skip


def used_up(number: str, time: Time) -> None:
    WorkOrder.objects.filter(number=number).update(redo_count=3)


def thirty_days(number: str, time: Time) -> None:
    time.passes(days=30, seconds=1)


def becomes_parent(number: str, time: Time) -> None:
    do(registered(), "merge", "dispatcher", into=number)


def supervised_too(number: str, time: Time) -> None:
    WorkOrder.objects.filter(number=number).update(supervised=True)


def a_voided_one(number: str) -> str:
    return order_in("voided")


def a_merged_one(number: str) -> str:
    return order_in("merged")


REFUSES = [
    Refuses("call_back", "to_call_back", "callback", "answers_missing", {"way": "phone", "reached": True}),
    Refuses("call_back", "to_call_back", "callback", "answers_unexpected", UNREACHED | {"solved": True}),
    Refuses("call_back", "to_call_back", "callback", "reason_missing", UNHAPPY | {"reason": ""}),
    Refuses("call_back", "to_call_back", "callback", "unhappy_needs_choice", UNHAPPY | {"next": "close"}),
    Refuses("call_back", "to_call_back", "callback", "happy_needs_no_redo", CALLED | {"next": "redo"}),
    Refuses("call_back", "to_call_back", "callback", "redo_used_up", UNHAPPY, used_up),
    Refuses("call_back", "reply_review", "callback", "wrong_state", CALLED),
    Refuses("redo", "to_call_back", "callback", "redo_used_up", REASON, used_up),
    Refuses("redo", "to_call_back", "callback", "invalid_fields", {}),
    Refuses("close_unreached", "to_call_back", "callback", "attempts_left"),
    Refuses("close_unreached", "to_call_back", "callback", "attempts_left", before=unreached(2)),
    Refuses("close_unreached", "to_call_back", "callback", "attempts_left", before=unreached(5, hours=0.4)),
    Refuses("urge", "accepted", "handler", "nobody_to_urge"),
    Refuses("urge", "suspended", "operator", "wrong_state"),
    Refuses("supervise", "supervised", "chief", "already_supervised", SUPERVISE),
    Refuses("supervise", "accepted", "chief", "due_in_the_past", SUPERVISE | {"due_on": "2026-03-09"}),
    Refuses("supervise", "accepted", "dispatcher", "no_permission", SUPERVISE),
    Refuses("finish_supervision", "accepted", "supervisor", "not_supervised", {"conclusion": "已落实"}),
    Refuses("suspend", "reply_review", "dispatcher", "wrong_state", REASON),
    Refuses("suspend", "accepted", "dispatcher", "invalid_fields", {"reason": " "}),
    Refuses("resume", "accepted", "dispatcher", "wrong_state"),
    Refuses("merge", "registered", "dispatcher", "merge_into_itself", {"into": itself}),
    Refuses("merge", "registered", "dispatcher", "bad_number", {"into": GONE_NUMBER}),
    Refuses("merge", "registered", "dispatcher", "no_such_order", {"into": order_number(on("2020-01-01"), 1)}),
    Refuses("merge", "registered", "dispatcher", "bad_parent", {"into": a_voided_one}),
    Refuses("merge", "registered", "dispatcher", "bad_parent", {"into": a_merged_one}),
    Refuses("merge", "parent", "dispatcher", "has_children", {"into": another}),
    Refuses("merge", "reply_review", "dispatcher", "wrong_state", {"into": another}),
    Refuses("unmerge", "closed", "dispatcher", "not_merged", REASON),
    Refuses("unmerge", "accepted", "dispatcher", "wrong_state", REASON),
    Refuses("void", "parent", "dispatcher", "has_children", REASON),
    Refuses("void", "registered", "leader#2", "not_your_team", REASON),
    Refuses("void", "closed", "dispatcher", "wrong_state", REASON),
    Refuses("withdraw", "parent", "operator", "has_children", REASON),
    Refuses("withdraw", "to_call_back", "operator", "wrong_state", REASON),
    Refuses("reopen", "closed", "callback", "reopen_window_over", REASON, thirty_days),
    Refuses("reopen", "merged", "chief", "not_reopenable", REASON),
    Refuses("archive", "merged", "chief", "parent_open"),
    Refuses("archive", "closed", "chief", "still_supervised", before=supervised_too),
    Refuses("archive", "accepted", "chief", "wrong_state"),
    Refuses("note_down", "accepted", "analyst", "no_permission", {"note": "看过"}),
    Refuses("note_down", "archived", "operator", "wrong_state", {"note": "看过"}),
]  # fmt: skip


@pytest.mark.parametrize("case", WORKS, ids=str)
def test_works(case: Works) -> None:
    check_works(case)


@pytest.mark.parametrize("case", REFUSES, ids=str)
def test_refuses(case: Refuses, time: Time) -> None:
    check_refuses(case, time)


# -- 回访


def test_close_unreached(time: Time) -> None:
    number = order_in("to_call_back")
    unreached(3)(number, time)
    do(number, "close_unreached", "callback")
    order = row(number)
    assert (order.state, order.outcome, order.solved, order.satisfied) == ("closed", "solved", None, "")
    assert queued(number)[-1] == "closed"


def test_three_rings_at_once_are_one_try(time: Time) -> None:
    number = order_in("to_call_back")
    unreached(3, hours=0.1)(number, time)
    assert row(number).failed_attempts == 1
    time.passes(hours=2)
    do(number, "call_back", "callback", **UNREACHED)
    assert row(number).failed_attempts == 2
    assert list(CallBackAttempt.objects.values_list("counted", flat=True)) == [True, False, False, True]


def test_who_left_no_number_need_not_be_called_three_times() -> None:
    number = order_in("to_call_back", citizen_phone="", anonymous=True)
    do(number, "close_unreached", "callback")
    assert row(number).state == "closed"
    assert queued(number) == []


def test_answering_begins_the_count_anew(time: Time) -> None:
    number = order_in("to_call_back")
    unreached(2)(number, time)
    do(number, "call_back", "callback", **UNHAPPY)
    assert row(number).failed_attempts == 0
    for verb, name, told in (("contact", "handler", CONTACT), ("reply", "handler", REPLY), ("approve", "approver", {})):
        do(number, verb, name, **told)
    do(number, "call_back", "callback", **UNREACHED)
    assert (row(number).failed_attempts, CallBackAttempt.objects.last().round) == (1, 1)  # type: ignore[union-attr]  # there are four


def back_to_call_back(number: str) -> None:
    for verb, name, told in (("contact", "handler", CONTACT), ("reply", "handler", REPLY), ("approve", "approver", {})):
        do(number, verb, name, **told)


def test_unsatisfied_once_twice_three_times() -> None:
    """重办 with half the limit; the second time under supervision; the third time a meeting appoints somebody else."""
    number = order_in("to_call_back")
    do(number, "call_back", "callback", **UNHAPPY)
    share = shares(number)[UNIT]
    assert (row(number).redo_count, share.state, share.contacted_at, row(number).supervised) == (
        1,
        "handling",
        None,
        False,
    )
    assert float(running(number)["redo"].amount) == 3
    assert refused(number, "reply", "handler", **REPLY).code == "contact_missing"
    back_to_call_back(number)

    do(number, "call_back", "callback", **UNHAPPY)
    assert (row(number).redo_count, row(number).supervised) == (2, True)
    assert last(number).content["consequence"] == "重办后诉求人仍不满意，转督办"
    assert Supervision.objects.get().kind == "supervise"
    back_to_call_back(number)

    do(number, "call_back", "callback", **UNHAPPY)
    order = row(number)
    assert (order.redo_count, order.state, order.lead_unit_id) == (3, "disputed", None)
    assert Supervision.objects.get().kind == "escalated"
    assert set(running(number)) == {"arbitrate"}
    do(number, "arbitrate", "chief", rule="meeting", lead=OTHER, note="提级由住建局办理")
    assert float(running(number)["redo"].amount) == 3
    other = f"handler@{OTHER}"
    for verb, name, told in (
        ("accept", other, {}),
        ("contact", other, CONTACT),
        ("reply", other, REPLY),
        ("approve", "approver", {}),
    ):
        do(number, verb, name, **told)
    assert refused(number, "call_back", "callback", **UNHAPPY).code == "redo_used_up"
    do(number, "call_back", "callback", **EXPLAIN)
    do(number, "approve", "approver")
    assert (row(number).outcome, row(number).supervised) == ("explained", True)
    do(number, "finish_supervision", "supervisor", conclusion="已解释到位")


def test_how_often_is_policy() -> None:
    with_policy(max_redo=0)
    number = order_in("to_call_back")
    do(number, "call_back", "callback", **UNHAPPY)
    assert row(number).state == "disputed"


@pytest.mark.parametrize(
    ("result", "outcome"),
    [("solved", "solved"), ("partly_solved", "solved"), ("explained", "explained"), ("unsolved", "explained")],
)
def test_how_it_ends_follows_from_the_result(result: str, outcome: str) -> None:
    number = order_in("contacted")
    do(number, "reply", "handler", **REPLY | {"result": result})
    do(number, "approve", "approver")
    do(number, "call_back", "callback", **CALLED)
    order = row(number)
    assert (order.outcome, order.closed_at, order.clock, order.due_at) == (outcome, clock.now(), "", None)


def test_work_handed_down_before_may_be_handed_down_again_in_a_redo() -> None:
    number = order_in("handed_down")
    squad = f"handler@{SQUAD}"
    do(number, "accept", squad)
    do(number, "reply", squad, **REPLY)
    for verb, name, told in (("reply", "handler", REPLY), ("approve", "approver", {}), ("redo", "callback", REASON)):
        do(number, verb, name, **told)
    do(number, "hand_down", "handler", to=[SQUAD])
    assert shares(number)[SQUAD].state == "to_accept"


# -- 并单


def test_one_answer_for_all_that_were_merged(time: Time) -> None:
    parent = order_in("to_call_back")
    children = [registered(citizen_phone=f"1380000000{n}", citizen_name=f"测试{n}") for n in range(3)]
    for child in children:
        do(child, "merge", "dispatcher", into=parent)
    assert [queued(child) for child in children] == [["merged"]] * 3
    assert (row(parent).children_count, last(parent).kind, last(parent).content) == (
        3,
        "took_in",
        {"number": children[2]},
    )
    time.passes(days=8)
    assert {refused(child, "archive", "chief").code for child in children} == {"parent_open"}
    do(parent, "call_back", "callback", **CALLED)
    for child in children:
        order = row(child)
        assert (order.answer, order.closed_at, order.outcome) == (REPLY["content"], clock.now(), "merged")
        assert (last(child).kind, last(child).content) == ("answered_with_parent", {"into": parent})
        assert queued(child) == ["merged", "with_parent"]


@pytest.mark.parametrize(
    ("stage", "verb", "name", "told"),
    [
        ("draft", "answer", "operator", {"answer": "可以", "knowledge": "条例"}),
        ("refusal", "pass_review", "leader", {}),
        ("explained", "approve", "approver", {}),
    ],
)
def test_whatever_way_the_parent_ends_its_children_are_answered(
    stage: str, verb: str, name: str, told: dict[str, Any]
) -> None:
    parent, child = order_in(stage), registered()
    do(child, "merge", "dispatcher", into=parent)
    do(parent, verb, name, **told)
    assert (last(child).kind, queued(child)) == ("answered_with_parent", ["merged", "with_parent"])


def test_a_parent_is_not_transferred_away_from_its_children() -> None:
    parent, child = order_in("draft"), registered()
    do(child, "merge", "dispatcher", into=parent)
    assert refused(parent, "transfer", "operator", line="110", mode="one_key").code == "has_children"
    assert queued(child) == ["merged"]


def test_voiding_is_undone_by_reopening_and_both_stay_in_the_history() -> None:
    number = order_in("voided")
    do(number, "reopen", "supervisor", reason="作废有误")
    order = row(number)
    assert (order.state, order.outcome) == ("to_dispatch", "")
    assert [item.kind for item in Event.objects.filter(order=order)][-2:] == ["void", "reopen"]


def test_a_reopened_order_has_its_whole_limit_again() -> None:
    number = order_in("closed")
    WorkOrder.objects.filter(number=number).update(redo_count=1, return_count=2, returns_by_unit={"1": 2})
    do(number, "reopen", "supervisor", reason="又出现了")
    order = row(number)
    assert (order.redo_count, order.return_count, order.returns_by_unit) == (0, 0, {})
    do(number, "dispatch", "dispatcher", lead=UNIT)
    kinds = set(Clock.objects.filter(order=order, stopped_at=None).values_list("kind", flat=True))
    assert "handle" in kinds
    assert "redo" not in kinds


def test_merging_into_what_is_answered_already_answers_at_once() -> None:
    parent, child = order_in("closed"), registered()
    do(child, "merge", "dispatcher", into=parent)
    assert (row(child).answer, queued(child)) == (REPLY["content"], ["with_parent"])


def test_numbers_are_taken_as_people_write_them() -> None:
    parent, child = registered(), registered()
    do(child, "merge", "dispatcher", into=f"{parent[:8]}-{parent[8:14]}-{parent[14:]}")
    assert last(child).content["into"] == parent


def test_unmerging_makes_two_orders_again() -> None:
    number = order_in("merged")
    parent = row(number).parent
    assert parent is not None
    do(number, "unmerge", "leader", **REASON)
    child, parent = row(number), row(parent.number)
    assert (child.state, child.parent_id, child.outcome, child.closed_at) == ("to_dispatch", None, "", None)
    assert (parent.children_count, last(parent.number).kind) == (0, "let_go")
    do(parent.number, "void", "dispatcher", **REASON)


def test_a_merge_that_went_unnoticed_until_the_archive_can_be_undone(time: Time) -> None:
    parent, child = order_in("to_call_back"), registered()
    do(child, "merge", "dispatcher", into=parent)
    do(parent, "call_back", "callback", **CALLED)
    do(child, "archive", "chief")
    do(child, "unmerge", "dispatcher", **REASON)
    assert (row(child).state, row(child).answer) == ("to_dispatch", "")


def test_a_confidential_parent_is_unknown_to_those_who_may_not_see_it() -> None:
    parent = registered(nature="report", citizen_name="别人", citizen_phone="13800009999", by=None)
    WorkOrder.objects.filter(number=parent).update(team=None)
    assert refused(registered(), "merge", "leader", into=parent).code == "no_such_order"


# -- 挂起、督办、重新办理


def test_clocks_wait_while_suspended(time: Time) -> None:
    number = order_in("accepted")
    due = running(number)["handle"].due_at
    do(number, "suspend", "dispatcher", **REASON)
    assert {item.paused_at for item in running(number).values()} == {clock.now()}
    assert (row(number).due_at, row(number).clock) == (None, "")
    time.passes(days=7)
    do(number, "resume", "dispatcher")
    assert (
        running(number)["handle"].due_at == due + timedelta(days=7) == row(number).due_at == shares(number)[UNIT].due_at
    )
    assert {item.paused_at for item in running(number).values()} == {None}


def test_supervision_begins_and_ends() -> None:
    number = order_in("accepted")
    do(number, "supervise", "chief", **SUPERVISE)
    found = Supervision.objects.get()
    assert (found.kind, found.started_at, found.finished_at, row(number).supervised) == (
        "on_site",
        clock.now(),
        None,
        True,
    )
    do(number, "finish_supervision", "chief", conclusion="已落实")
    found.refresh_from_db()
    assert (found.conclusion, found.finished_at, row(number).supervised) == ("已落实", clock.now(), False)


def test_reopening_begins_with_a_clean_slate_and_the_old_history() -> None:
    number = order_in("closed")
    events = Event.objects.filter(order__number=number).count()
    do(number, "reopen", "callback", **REASON)
    order = row(number)
    assert (order.outcome, order.answer, order.satisfied, order.solved, order.closed_at, order.lead_unit_id) == (
        "",
        "",
        "",
        None,
        None,
        None,
    )
    assert Event.objects.filter(order__number=number).count() == events + 1
    assert shares(number)[UNIT].state == "recalled"
    do(number, "dispatch", "dispatcher", lead=UNIT)


def test_a_refused_order_that_is_reopened_can_be_refused_again() -> None:
    number = order_in("refused")
    do(number, "reopen", "chief", **REASON)
    assert row(number).refusal_reason == ""
    do(number, "dispatch", "dispatcher", lead=UNIT)


def test_reopening_within_thirty_days_though_archived_after_seven(time: Time) -> None:
    number = order_in("archived")
    time.passes(days=30)
    do(number, "reopen", "supervisor", **REASON)


def test_urging_counts() -> None:
    number = order_in("accepted")
    for count in (1, 2):
        do(number, "urge", "operator#2", note="来电催办")
        assert row(number).urge_count == count


def test_the_end_recalls_what_was_given_out() -> None:
    for verb, name in (("void", "dispatcher"), ("withdraw", "operator")):
        number = order_in("handed_down")
        do(number, verb, name, **REASON)
        assert {item.state for item in shares(number).values()} == {"recalled"}
        assert running(number) == {}


def test_a_street_is_no_number() -> None:
    assert refused(registered(), "merge", "dispatcher", into=STREET).code == "bad_number"
