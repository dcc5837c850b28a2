"""受理: what the operator and the team leader do, on the real database."""

from datetime import timedelta
from typing import Any

import pytest

from huying.citizens.models import Citizen
from huying.kernel import clock
from huying.kernel.errors import Forbidden, Invalid, Refused
from huying.orders.models import Event, WorkOrder
from huying.orders.operations import perform, register_many
from huying.orders.operations.registering import Submission
from huying.orders.tests import acting
from huying.orders.tests.acting import (
    DISPATCH,
    GONE_NUMBER,
    REASON,
    REFUSE,
    STREET,
    Refuses,
    Time,
    Works,
    check_refuses,
    check_works,
    do,
    last,
    order_in,
    queued,
    refused,
    registered,
    row,
    running,
    time,
    who,
    with_policy,
)  # fmt: skip

__all__ = ["time"]
pytestmark = pytest.mark.usefixtures("time")
fs = frozenset

WORKS = [
    Works("submit", "draft", "operator", {}, "to_dispatch", starts=fs({"dispatch"})),
    Works("submit", "draft", "leader", {"note": "急"}, "to_dispatch", starts=fs({"dispatch"})),
    Works("answer", "draft", "operator", {"answer": "可凭身份证办理", "knowledge": "供热条例第二十条"}, "closed"),
    Works("answer", "registered", "operator", {"answer": "可以", "knowledge": "条例"}, "closed", stops=fs({"dispatch"})),
    Works("refuse", "draft", "operator", REFUSE, "in_review", starts=fs({"review"})),
    Works("refuse", "registered", "operator", REFUSE, "in_review", starts=fs({"review"}), stops=fs({"dispatch"})),
    Works("transfer", "draft", "operator", {"line": "120", "mode": "three_way", "note": "老人跌倒"}, "closed"),
    Works("transfer", "registered", "operator", {"line": "12333", "mode": "one_key"}, "closed", stops=fs({"dispatch"})),
    Works("pass_review", "sampled", "leader", {}, "to_dispatch", starts=fs({"dispatch"}), stops=fs({"review"})),
    Works("pass_review", "refusal", "leader", {}, "closed", stops=fs({"review"}), notices=("refused",)),
    Works("pass_review", "refusal", "chief", {}, "closed", stops=fs({"review"}), notices=("refused",)),
    Works("fail_review", "sampled", "leader", REASON, "draft", stops=fs({"review"})),
    Works("fail_review", "refusal", "leader", REASON, "draft", stops=fs({"review"})),
    Works("correct", "registered", "operator", {"title": "夜市占道经营"}, says=("before",)),
    Works("correct", "accepted", "dispatcher", {"urgency": "urgent", "nature": "help"}, says=("before",)),
    Works("correct", "reply_review", "approver", {"matter": "010202"}, says=("before",)),
    Works("ask_citizen", "draft", "operator", {"question": "请问是哪个路口？"}, "awaiting_citizen", notices=("ask_citizen",)),
    Works("ask_citizen", "accepted", "dispatcher", {"question": "请问是哪个路口？"}, "awaiting_citizen", notices=("ask_citizen",)),
    Works("supplement", "awaiting", "operator", {"content": "在小寨东路口"}, "to_dispatch"),
]  # fmt: skip


def make_empty(number: str, time: Time) -> None:
    WorkOrder.objects.filter(number=number).update(content="")


def by_leader(number: str, time: Time) -> None:
    """The leader of the team proposes the refusal of what an operator of hers registered."""
    do(number, "fail_review", "leader", **REASON)
    do(number, "refuse", "leader", **REFUSE)


REFUSES = [
    Refuses("submit", "draft", "operator#2", "not_your_order"),
    Refuses("submit", "draft", "operator", "content_missing", before=make_empty),
    Refuses("submit", "registered", "operator", "wrong_state"),
    Refuses("answer", "draft", "operator", "answer_needs_knowledge", {"answer": "会处理的"}),
    Refuses("answer", "draft", "operator", "invalid_fields", {"answer": "  "}),
    Refuses("answer", "draft", "operator#2", "not_your_order", {"answer": "可以", "knowledge": "条例"}),
    Refuses("refuse", "draft", "operator", "citizen_not_told", REFUSE | {"told_citizen": False}),
    Refuses("refuse", "draft", "operator", "invalid_fields", REFUSE | {"reason_code": "because"}),
    Refuses("refuse", "draft", "operator", "invalid_fields", {"reason_code": "petition", "told_citizen": True}),
    Refuses("transfer", "draft", "operator", "invalid_fields", {"line": "114", "mode": "one_key"}),
    Refuses("transfer", "draft", "operator#2", "not_your_order", {"line": "110", "mode": "one_key"}),
    Refuses("pass_review", "refusal", "leader#2", "not_your_team"),
    Refuses("pass_review", "refusal", "leader", "own_proposal", before=by_leader),
    Refuses("pass_review", "registered", "leader", "wrong_state"),
    Refuses("fail_review", "refusal", "leader#2", "not_your_team", REASON),
    Refuses("fail_review", "refusal", "leader", "invalid_fields", {}),
    Refuses("correct", "registered", "operator", "nothing_to_correct", {"title": "夜市占道"}),
    Refuses("correct", "registered", "operator", "nothing_to_correct", {"matter": "010201"}),
    Refuses("correct", "registered", "operator", "nothing_to_correct", {}),
    Refuses("correct", "registered", "operator", "unknown_matter", {"matter": "999999"}),
    Refuses("correct", "registered", "operator", "unknown_street", {"street": "999999999"}),
    Refuses("correct", "registered", "operator", "bad_text", {"title": "夜市\x00占道"}),
    Refuses("correct", "registered", "operator", "text_too_long", {"title": "长" * 201}),
    Refuses("correct", "registered", "operator#2", "not_your_order", {"title": "另一个"}),
    Refuses("ask_citizen", "accepted", "operator#2", "not_your_order", {"question": "哪里"}),
    Refuses("ask_citizen", "reply_review", "dispatcher", "wrong_state", {"question": "哪里"}),
    Refuses("supplement", "awaiting", "operator", "text_too_long", {"content": "长" * 10_001}),
    Refuses("supplement", "registered", "operator", "wrong_state", {"content": "补充"}),
]  # fmt: skip


@pytest.mark.parametrize("case", WORKS, ids=str)
def test_works(case: Works) -> None:
    check_works(case)


@pytest.mark.parametrize("case", REFUSES, ids=str)
def test_refuses(case: Refuses, time: Time) -> None:
    check_refuses(case, time)


# -- 登记


def test_registering_starts_a_history_and_the_clock_of_dispatch() -> None:
    number = registered(source_id="a-1", source_number="原-1")
    order, event = row(number), last(number)
    assert (order.state, order.clock, order.version, order.last_seq) == ("to_dispatch", "dispatch", 1, 1)
    assert (event.kind, event.from_state, event.to_state, event.seq) == ("registered", "", "to_dispatch", 1)
    assert event.content == {"channel": "phone", "source_number": "原-1"}
    assert running(number)["dispatch"].due_at - clock.now() == timedelta(minutes=60)
    assert queued(number) == []


def test_a_draft_has_no_clock() -> None:
    assert running(order_in("draft")) == {}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"content": " "}, "content_missing"),
        ({"nature": "anger"}, "unknown_nature"),
        ({"channel": "pigeon"}, "unknown_channel"),
        ({"urgency": "soon"}, "unknown_urgency"),
        ({"matter": "010"}, "unknown_matter"),
        ({"street": "1"}, "unknown_street"),
        ({"lat": 91.0}, "bad_coordinates"),
        ({"lng": float("nan")}, "bad_coordinates"),
        ({"citizen_phone": "12"}, "bad_phone"),
        ({"content": "字\x00"}, "bad_text"),
        ({"content": "字\ud800"}, "bad_text"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_name(changes: dict[str, Any], code: str) -> None:
    before = acting.snapshot()
    with pytest.raises(Invalid) as fault:
        registered(**changes)
    assert fault.value.code == code
    assert acting.snapshot() == before
    assert Citizen.objects.count() == 0


def test_only_those_who_may_register() -> None:
    with pytest.raises(Forbidden):
        registered(by=who("handler"))


def test_the_same_source_is_registered_once() -> None:
    number = registered(source_id="web-7", channel="web")
    with pytest.raises(Refused) as fault:
        registered(source_id="web-7", channel="web")
    assert fault.value.code == "already_registered"
    assert fault.value.details["number"] == number
    assert registered(source_id="web-7", channel="app") != number


def test_bad_ones_do_not_keep_the_good_ones_of_a_batch() -> None:
    good = Submission("web", "help", "", "路灯不亮，晚上很黑。")
    made = register_many([good, Submission("web", "help", "", ""), good], by=who("system"))
    assert [type(item).__name__ for item in made] == ["WorkOrder", "Invalid", "WorkOrder"]
    assert WorkOrder.objects.count() == 2


@pytest.mark.parametrize(("share", "drawn"), [(0, 0), (1, 40)])
def test_a_share_of_the_calls_is_drawn_for_review(share: float, drawn: int) -> None:
    with_policy(review_share=share)
    states = [row(registered()).state for _ in range(40)]
    assert states.count("in_review") == drawn


def test_about_the_share_of_the_policy_is_drawn() -> None:
    with_policy(review_share=0.25)
    call = Submission("phone", "help", "", "路灯不亮，晚上很黑。")
    made = register_many([call] * 400, by=who("operator"))
    drawn = sum(1 for order in made if isinstance(order, WorkOrder) and order.state == "in_review")
    assert 50 < drawn < 150  # numbers, and with them the draw, differ from run to run


def test_only_telephone_orders_of_people_are_drawn() -> None:
    with_policy(review_share=1)
    assert row(registered(channel="web")).state == "to_dispatch"
    assert row(registered(by=who("system"))).state == "to_dispatch"


def test_nobody_passes_their_own_registration_but_the_chief_can() -> None:
    with_policy(review_share=1)
    number = registered(by=who("leader"))
    assert refused(number, "pass_review", "leader").code == "own_registration"
    do(number, "pass_review", "chief")


def test_who_proposes_a_refusal_does_not_confirm_it() -> None:
    """A leader refuses what an operator of the team registered: another pair of eyes confirms."""
    number = order_in("draft")
    do(number, "refuse", "leader", **REFUSE)
    assert refused(number, "pass_review", "leader").code == "own_proposal"
    assert do(number, "pass_review", "chief").outcome == "refused"


def test_a_failed_review_forgets_the_refusal() -> None:
    number = order_in("refusal")
    do(number, "fail_review", "leader", **REASON)
    order = row(number)
    assert (order.refusal_reason, order.answer, order.proposed_by_id) == ("", "", None)
    do(number, "submit", "operator")
    assert row(number).state == "to_dispatch"


def test_outcomes_of_orders_that_end_with_the_operator() -> None:
    answered, transferred = order_in("draft"), order_in("draft")
    do(answered, "answer", "operator", answer="可以", knowledge="条例")
    do(transferred, "transfer", "operator", line="110", mode="one_key")
    found = [(row(number).outcome, row(number).closed_at) for number in (answered, transferred, order_in("refused"))]
    assert found == [("answered", clock.now()), ("transferred", clock.now()), ("refused", clock.now())]


def test_who_asked_in_writing_is_told_the_direct_answer() -> None:
    web, phone = order_in("draft", channel="web"), order_in("draft")
    for number in (web, phone):
        do(number, "answer", "operator", answer="可以", knowledge="条例")
    assert (queued(web), queued(phone)) == (["answered"], [])


def test_nothing_is_queued_for_who_left_no_number() -> None:
    number = order_in("draft", channel="web", citizen_phone="")
    do(number, "answer", "operator", answer="可以", knowledge="条例")
    assert queued(number) == []


def test_what_came_without_an_operator_belongs_to_who_takes_it_up() -> None:
    number = registered(by=who("system"), channel="web", submit=False)
    do(number, "submit", "operator")
    order = row(number)
    assert (order.operator_id, order.team_id) == (who("operator").id, who("operator").team_id)


def test_a_correction_keeps_the_former_values_and_finds_the_order_by_the_new() -> None:
    number = registered(matter=None, street=None)
    do(number, "correct", "operator", title="噪声扰民", street=STREET, matter="010201", confidential=True)
    order = row(number)
    assert (order.title, order.street_id, order.area_id, order.confidential) == ("噪声扰民", STREET, "610113", True)
    assert last(number).content["before"] == {
        "matter": None,
        "street": None,
        "title": "夜市占道",
        "confidential": False,
    }
    assert WorkOrder.objects.filter(number=number).extra(where=["search @@ '噪声'::tsquery"]).exists()


def test_a_supplement_is_added_encrypted_and_goes_on_where_it_was() -> None:
    number = order_in("accepted")
    do(number, "ask_citizen", "dispatcher", question="哪里？")
    do(number, "supplement", "operator#2", content="住户电话13900001111")
    order = row(number)
    assert order.state == "in_progress"
    assert order.content.endswith("【补充】住户电话13900001111")
    assert "13900001111" not in str(list(Event.objects.filter(order=order).values_list("content", flat=True)))


def test_a_merge_into_a_number_that_is_none() -> None:
    with pytest.raises(Invalid):
        perform(order_in("registered"), "merge", {"into": GONE_NUMBER}, by=who("dispatcher"))


def test_dispatch_follows_registration_at_once() -> None:
    number = registered()
    verb, name, told = DISPATCH
    do(number, verb, name, **told)
    assert row(number).state == "in_progress"
