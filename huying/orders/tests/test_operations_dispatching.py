"""派单: to the unit, back, to a meeting, and down to the third tier, on the real database."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from huying.kernel import clock
from huying.kernel.clock import LOCAL
from huying.orders.models import Application
from huying.orders.tests.acting import (
    CITY_UNIT,
    CONTACT,
    EXTEND,
    OTHER,
    REASON,
    REPLY,
    RETURN,
    SQUAD,
    STREET,
    UNIT,
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
    shares,
    time,
    with_limit,
    with_policy,
)  # fmt: skip
from huying.people.models import Unit

__all__ = ["time"]
pytestmark = pytest.mark.usefixtures("time")
fs = frozenset
LEADS = fs({"sign", "contact", "return_window", "handle"})
NEXT_STREET = "610113001"  # of the same district
FAR_STREET = "610102001"  # of another district
DEPARTMENT_WORK: dict[str, Any] = {
    "matter": "010303"
}  # 道路遗撒: the district's departments, no street in the catalogue

WORKS = [
    Works("dispatch", "registered", "dispatcher", {"lead": UNIT}, "in_progress", LEADS, fs({"dispatch"}), ("dispatched",)),
    Works(
        "dispatch", "registered", "dispatcher", {"lead": UNIT, "assisting": [OTHER], "note": "请联合处理"}, "in_progress",
        LEADS, fs({"dispatch"}), ("dispatched",),
    ),
    Works("add_assisting", "accepted", "dispatcher", {"assisting": [OTHER]}, starts=fs({"sign"})),
    Works("recall", "accepted", "dispatcher", REASON, "to_dispatch", fs({"dispatch"}), LEADS),
    Works("send_back", "dispatched", "handler", RETURN, starts=fs({"return_decision"}), says=("assignment_unit",)),
    Works("send_back", "accepted", "handler", RETURN, starts=fs({"return_decision"})),
    Works("approve_return", "return_asked", "dispatcher", {}, "to_dispatch", fs({"dispatch"}), LEADS | {"return_decision"}),
    Works("refuse_return", "return_asked", "dispatcher", REASON, stops=fs({"return_decision"})),
    Works("convene", "registered", "dispatcher", REASON, "disputed", fs({"arbitrate"}), fs({"dispatch"})),
    Works("convene", "accepted", "dispatcher", REASON, "disputed", fs({"arbitrate"}), LEADS),
    Works(
        "arbitrate", "disputed", "chief", {"rule": "meeting", "lead": UNIT, "note": "由城管局主办"}, "in_progress",
        LEADS - {"return_window"}, fs({"arbitrate"}), ("dispatched",),
    ),
    Works(
        "arbitrate", "disputed", "supervisor", {"rule": "territory", "note": "属地兜底"}, "in_progress",
        LEADS - {"return_window"}, fs({"arbitrate"}), ("dispatched",), ("lead",),
    ),
    Works("hand_down", "accepted", "handler", {"to": [SQUAD]}, starts=fs({"sign"})),
    Works("take_back", "handed_down", "handler", REASON, stops=fs({"sign"})),
    Works("take_back", "handed_down", "handler", REASON | {"units": [SQUAD]}, stops=fs({"sign"})),
]  # fmt: skip


def a_day_later(number: str, time: Time) -> None:
    time.is_now(datetime(2026, 3, 11, 18, 0, 1, tzinfo=LOCAL))


def returned_twice(number: str, time: Time) -> None:
    for _ in range(2):
        do(number, "send_back", "handler", **RETURN)
        do(number, "refuse_return", "dispatcher", **REASON)


def appointed(number: str, time: Time) -> None:
    do(number, "convene", "dispatcher", **REASON)
    do(number, "arbitrate", "chief", rule="meeting", lead=UNIT, note="由城管局主办")


def handed_to_street(number: str, time: Time) -> None:
    do(number, "hand_down", "handler", to=[SQUAD])


def nobody_recalled(number: str, time: Time) -> None:
    do(number, "recall", "dispatcher", **REASON)


REFUSES = [
    Refuses("dispatch", "registered", "dispatcher", "unknown_unit", {"lead": "nowhere"}),
    Refuses("dispatch", "registered", "dispatcher", "not_a_handling_unit", {"lead": "city-gov-hotline"}),
    Refuses("dispatch", "registered", "dispatcher", "lead_is_assisting", {"lead": UNIT, "assisting": [UNIT]}),
    Refuses("dispatch", "registered", "dispatcher", "assisting_twice", {"lead": UNIT, "assisting": [OTHER, OTHER]}),
    Refuses("dispatch", "registered", "dispatcher", "push_down_needs_reason", {"lead": STREET}, order=DEPARTMENT_WORK),
    Refuses("dispatch", "registered", "dispatcher", "push_down_needs_reason", {"lead": UNIT, "assisting": [NEXT_STREET]}, order=DEPARTMENT_WORK),
    Refuses("dispatch", "registered", "dispatcher", "invalid_fields", {}),
    Refuses("dispatch", "registered", "dispatcher", "invalid_fields", {"lead": UNIT, "assisting": [""]}),
    Refuses("dispatch", "registered", "dispatcher", "bad_text", {"lead": UNIT, "assisting": ["\x00"]}),
    Refuses("dispatch", "registered", "dispatcher", "invalid_fields", {"lead": UNIT, "assisting": [str(n) for n in range(21)]}),
    Refuses("dispatch", "registered", "operator", "no_permission", {"lead": UNIT}),
    Refuses("dispatch", "dispatched", "dispatcher", "wrong_state", {"lead": UNIT}),
    Refuses("add_assisting", "accepted", "dispatcher", "already_assigned", {"assisting": [UNIT]}),
    Refuses("add_assisting", "accepted", "dispatcher", "push_down_needs_reason", {"assisting": [NEXT_STREET]}, order=DEPARTMENT_WORK),
    Refuses("add_assisting", "accepted", "dispatcher", "unknown_unit", {"assisting": ["nowhere"]}),
    Refuses("recall", "registered", "dispatcher", "wrong_state", REASON),
    Refuses("recall", "accepted", "dispatcher", "invalid_fields", {"reason": ""}),
    Refuses("send_back", "accepted", "handler", "return_window_over", RETURN, a_day_later),
    Refuses("send_back", "accepted", "handler", "returns_used_up", RETURN, returned_twice),
    Refuses("send_back", "accepted", "handler", "appointed", RETURN, appointed),
    Refuses("send_back", "accepted", "handler", "handed_down", RETURN, handed_to_street),
    Refuses("send_back", "accepted", "handler", "suggests_itself", RETURN | {"suggested_unit": UNIT}),
    Refuses("send_back", "accepted", "handler", "unknown_unit", RETURN | {"suggested_unit": "nowhere"}),
    Refuses("send_back", "accepted", "handler", "invalid_fields", {"reason": "不归我们管"}),
    Refuses("send_back", "accepted", f"handler@{OTHER}", "no_such_order", RETURN),
    Refuses("send_back", "with_assisting", "handler#2@610113-cg-01", "no_such_order", RETURN),
    Refuses("approve_return", "accepted", "dispatcher", "no_such_assignment"),
    Refuses("approve_return", "return_asked", "handler", "no_permission"),
    Refuses("refuse_return", "accepted", "dispatcher", "no_such_assignment", REASON),
    Refuses("refuse_return", "return_asked", "dispatcher", "invalid_fields", {}),
    Refuses("convene", "reply_review", "dispatcher", "wrong_state", REASON),
    Refuses("arbitrate", "disputed", "chief", "lead_missing", {"rule": "meeting", "note": "未定"}),
    Refuses("arbitrate", "disputed", "chief", "lead_missing", {"rule": "first_receiver", "note": "没有首接单位"}),
    Refuses("arbitrate", "disputed", "chief", "lead_against_rule", {"rule": "territory", "lead": CITY_UNIT, "note": "属地"}),
    Refuses("arbitrate", "disputed", "chief", "lead_is_assisting", {"rule": "territory", "assisting": ["610113"], "note": "属地"}),
    Refuses("arbitrate", "disputed", "handler", "no_such_order", {"rule": "territory", "note": "属地"}),
    Refuses("hand_down", "accepted", "handler", "not_below", {"to": [OTHER]}),
    Refuses("hand_down", "accepted", "handler", "not_below", {"to": [FAR_STREET], "push_down_reason": "顺路"}),
    Refuses("hand_down", "accepted", "handler", "push_down_needs_reason", {"to": [NEXT_STREET]}, order=DEPARTMENT_WORK),
    Refuses("hand_down", "handed_down", "handler", "already_assigned", {"to": [SQUAD]}),
    Refuses("hand_down", "dispatched", "handler", "not_your_unit", {"to": [SQUAD]}),
    Refuses("take_back", "accepted", "handler", "nothing_handed_down", REASON),
    Refuses("take_back", "handed_down", "handler", "not_handed_down", REASON | {"units": [OTHER]}),
]  # fmt: skip


@pytest.mark.parametrize("case", WORKS, ids=str)
def test_works(case: Works) -> None:
    check_works(case)


@pytest.mark.parametrize("case", REFUSES, ids=str)
def test_refuses(case: Refuses, time: Time) -> None:
    check_refuses(case, time)


# -- 派单


def test_lead_and_assisting_have_each_their_own_state_and_clocks() -> None:
    number = order_in("with_assisting")
    found = shares(number)
    assert {code: (item.part, item.state) for code, item in found.items()} == {
        UNIT: ("lead", "to_accept"),
        OTHER: ("assisting", "to_accept"),
    }
    assert set(running(number, UNIT)) == {"sign", "contact", "return_window", "handle"}
    assert set(running(number, OTHER)) == {"sign", "return_window", "handle"}
    assert row(number).lead_unit_id == found[UNIT].unit_id


def test_the_reason_for_pushing_down_is_recorded() -> None:
    number = registered(**DEPARTMENT_WORK)
    do(number, "dispatch", "dispatcher", lead=STREET, push_down_reason="街道已先行处置")
    assert shares(number)[STREET].push_down_reason == "街道已先行处置"
    assert last(number).content["push_down_reason"] == "街道已先行处置"


def test_a_street_that_the_catalogue_names_needs_no_reason() -> None:
    number = registered(matter="010110")  # 架空线缆整治: department work with the street assisting
    do(number, "dispatch", "dispatcher", lead=UNIT, assisting=[STREET])
    other = registered(matter="010110")
    assert refused(other, "dispatch", "dispatcher", lead=UNIT, assisting=[NEXT_STREET]).code == "push_down_needs_reason"


def test_without_a_matter_nobody_can_say_whose_work_it_is() -> None:
    number = registered(matter=None)
    do(number, "dispatch", "dispatcher", lead=STREET)
    assert shares(number)[STREET].state == "to_accept"


def test_times_of_an_ordinary_complaint() -> None:
    number = order_in("dispatched")
    found = running(number)
    assert found["sign"].due_at == datetime(2026, 3, 10, 15, 0, tzinfo=LOCAL)  # 4 working hours, noon left out
    assert found["contact"].due_at == datetime(2026, 3, 11, 18, 0, tzinfo=LOCAL)
    assert found["return_window"].due_at == datetime(2026, 3, 11, 18, 0, tzinfo=LOCAL)
    assert found["handle"].due_at == datetime(2026, 3, 17, 18, 0, tzinfo=LOCAL)
    assert found["handle"].warn_at == datetime(2026, 3, 16, 16, 36, tzinfo=LOCAL)  # 80 % of 47 working hours
    share = shares(number)[UNIT]
    assert (share.due_at, share.return_due_at) == (found["handle"].due_at, found["return_window"].due_at)
    assert share.extend_until == datetime(2026, 3, 16, 18, 0, tzinfo=LOCAL)


def test_times_of_an_urgent_one() -> None:
    number = order_in("dispatched", urgency="urgent")
    due = {kind: item.due_at - clock.now() for kind, item in running(number).items() if kind != "return_window"}
    assert due == {"sign": timedelta(minutes=30), "contact": timedelta(hours=2), "handle": timedelta(hours=24)}


# -- 退单


def test_the_unit_that_asked_goes_on_when_refused() -> None:
    for stage, state in (("dispatched", "to_accept"), ("accepted", "handling")):
        number = order_in(stage)
        do(number, "send_back", "handler", **RETURN)
        assert shares(number)[UNIT].state == "return_requested"
        do(number, "refuse_return", "dispatcher", **REASON)
        assert shares(number)[UNIT].state == state
    asked = Application.objects.get(order__number=number)
    assert (asked.status, asked.legal_basis, asked.suggested_unit.code if asked.suggested_unit else "") == (
        "refused",
        "三定规定第四条",
        OTHER,
    )


def test_the_decision_on_a_return_has_four_hours() -> None:
    number = order_in("return_asked")
    assert running(number)["return_decision"].due_at - clock.now() == timedelta(hours=4)


def test_the_third_return_goes_to_a_meeting() -> None:
    number = order_in("registered")
    for turn, unit in enumerate((UNIT, OTHER, CITY_UNIT), start=1):
        do(number, "dispatch", "dispatcher", lead=unit)
        do(number, "send_back", f"handler@{unit}", **RETURN | {"suggested_unit": "city-jtj"})
        do(number, "approve_return", "dispatcher")
        order = row(number)
        assert (order.return_count, order.state) == (turn, "disputed" if turn == 3 else "to_dispatch")
        assert order.lead_unit_id is None
    assert set(running(number)) == {"arbitrate"}


@pytest.mark.parametrize(
    ("rule", "lead"), [("first_receiver", OTHER), ("territory", "610113"), ("catalogue", UNIT)]
)  # fmt: skip
def test_a_meeting_by_rule_finds_the_unit_itself(rule: str, lead: str) -> None:
    number = registered()
    for unit in (OTHER, CITY_UNIT):
        do(number, "dispatch", "dispatcher", lead=unit)
        do(number, "recall", "dispatcher", **REASON)
    do(number, "convene", "dispatcher", **REASON)
    do(number, "arbitrate", "chief", rule=rule, note="依规指定")
    order = row(number)
    assert order.lead_unit is not None
    assert order.lead_unit.code == lead == last(number).content["lead"]
    assert shares(number)[lead].appointed


def test_territory_means_the_zone_where_a_zone_runs_the_street() -> None:
    from huying.places.models import Division

    street = Division.objects.exclude(zone="").filter(level="street")[0]
    number = registered(street=street.code)
    do(number, "convene", "dispatcher", **REASON)
    do(number, "arbitrate", "chief", rule="territory", note="属地兜底")
    assert shares(number)[street.zone].part == "lead"


def test_who_was_appointed_cannot_send_it_back_and_has_no_window() -> None:
    number = order_in("disputed")
    do(number, "arbitrate", "chief", rule="meeting", lead=UNIT, note="由城管局主办", assisting=[OTHER])
    assert "return_window" not in running(number)
    for unit in (UNIT, OTHER):
        assert (
            refused(number, "send_back", f"handler@{unit}", **RETURN | {"suggested_unit": CITY_UNIT}).code
            == "appointed"
        )


def test_an_assisting_unit_that_leaves_does_not_stop_the_others() -> None:
    number = order_in("with_assisting")
    for verb, told in (("accept", {}), ("contact", CONTACT), ("reply", REPLY)):
        do(number, verb, "handler", **told)
    assert row(number).state == "in_progress"
    do(number, "send_back", f"handler@{OTHER}", **RETURN | {"suggested_unit": UNIT})
    do(number, "approve_return", "dispatcher")
    assert (row(number).state, row(number).return_count) == ("reply_review", 1)


def test_what_a_unit_asked_for_lapses_when_it_leaves() -> None:
    number = order_in("extension_asked")
    do(number, "send_back", "handler", **RETURN)
    do(number, "approve_return", "dispatcher")
    assert set(Application.objects.values_list("kind", "status")) == {("extension", "lapsed"), ("return", "approved")}
    share = shares(number)[UNIT]
    assert (share.state, share.pending_extension) == ("returned", False)
    assert set(running(number)) == {"dispatch"}


def test_a_return_can_be_decided_while_the_order_is_promised() -> None:
    number = order_in("with_assisting")
    for verb, told in (
        ("accept", {}),
        ("contact", CONTACT),
        (
            "promise",
            {"until": "2026-06-30", "reason": "待立项", "milestones": [{"title": "立项", "due_on": "2026-05-01"}]},
        ),
    ):
        do(number, verb, "handler", **told)
    do(number, "send_back", f"handler@{OTHER}", **RETURN | {"suggested_unit": CITY_UNIT})
    do(number, "approve_promise", "dispatcher")
    do(number, "approve_return", "dispatcher")
    assert (row(number).state, shares(number)[OTHER].state) == ("promised", "returned")


def test_a_unit_that_the_policy_lets_return_more_often() -> None:
    with_policy(max_returns=3, arbitrate_after_returns=9)
    number = order_in("accepted")
    returned_twice(number, None)  # type: ignore[arg-type]  # the clock is not touched
    do(number, "send_back", "handler", **RETURN)
    assert shares(number)[UNIT].state == "return_requested"


def test_the_window_is_a_limit_like_any_other(time: Time) -> None:
    with_limit("return_window", 30, "minutes")
    number = order_in("accepted")
    time.passes(minutes=31)
    assert refused(number, "send_back", "handler", **RETURN).code == "return_window_over"


# -- 收回


def test_recalling_takes_everything_back() -> None:
    number = order_in("handed_down")
    do(number, "extend", "handler", **EXTEND)
    do(number, "recall", "dispatcher", **REASON)
    assert {item.state for item in shares(number).values()} == {"recalled"}
    assert set(running(number)) == {"dispatch"}
    assert Application.objects.get().status == "lapsed"
    do(number, "dispatch", "dispatcher", lead=OTHER)
    assert set(running(number)) == {"sign", "contact", "return_window", "handle"}


# -- 下派


def test_the_third_tier_has_its_own_state_and_answers_to_the_unit_above() -> None:
    number = order_in("handed_down")
    assert refused(number, "reply", "handler", **REPLY).code == "children_unfinished"
    squad = f"handler@{SQUAD}"
    do(number, "accept", squad)
    do(number, "reply", squad, **REPLY)
    assert (shares(number)[SQUAD].state, row(number).state, row(number).answer) == ("replied", "in_progress", "")
    do(number, "reply", "handler", **REPLY)
    assert (row(number).state, row(number).answer) == ("reply_review", REPLY["content"])


def test_a_hand_down_is_due_no_later_than_the_work_above(time: Time) -> None:
    number = order_in("contacted")
    time.passes(days=3)
    do(number, "hand_down", "handler", to=[SQUAD])
    above, below = running(number, UNIT)["handle"], running(number, SQUAD)["handle"]
    assert below.due_at == above.due_at
    assert clock.now() < below.warn_at < below.due_at


def test_a_hand_down_of_what_is_overdue_is_due_at_once(time: Time) -> None:
    number = order_in("contacted")
    time.passes(days=30)
    do(number, "hand_down", "handler", to=[SQUAD])
    assert running(number, SQUAD)["handle"].due_at == clock.now()


def test_a_contact_by_the_squad_is_the_contact_of_the_unit_above() -> None:
    number = order_in("accepted")
    do(number, "hand_down", "handler", to=[SQUAD])
    do(number, "contact", f"handler@{SQUAD}", **CONTACT)
    assert "contact" not in running(number)
    assert shares(number)[UNIT].contacted_at == clock.now()


def test_the_third_tier_asks_the_unit_above_not_the_hotline() -> None:
    number, squad = order_in("handed_down"), f"handler@{SQUAD}"
    do(number, "accept", squad)
    assert refused(number, "send_back", squad, **RETURN).code == "hand_down"
    assert refused(number, "extend", squad, **EXTEND).code == "hand_down"
    assert refused(number, "hand_down", squad, to=[STREET]).code == "already_third_tier"


def test_a_street_has_nobody_below() -> None:
    number = registered(matter=None)
    do(number, "dispatch", "dispatcher", lead=STREET)
    do(number, "accept", f"handler@{STREET}")
    assert refused(number, "hand_down", f"handler@{STREET}", to=[SQUAD]).code == "lowest_tier"


@pytest.mark.parametrize(
    ("above", "below", "allowed"),
    [
        ("610113", STREET, True), ("610113", UNIT, True), ("610113", SQUAD, True), ("610113", FAR_STREET, False),
        (UNIT, STREET, True), (UNIT, SQUAD, True), (UNIT, "610113-cg-01", True), (UNIT, OTHER, False), (OTHER, SQUAD, False),
        (CITY_UNIT, UNIT, True), (CITY_UNIT, STREET, True), (CITY_UNIT, SQUAD, False), (CITY_UNIT, "610102-cg", False),
        (CITY_UNIT, "city-jtj", False), ("610113", CITY_UNIT, False),
    ],
)  # fmt: skip
def test_who_is_below_whom(above: str, below: str, allowed: bool) -> None:
    number = registered()
    do(number, "dispatch", "dispatcher", lead=above)
    do(number, "accept", f"handler@{above}")
    told = {"to": [below], "push_down_reason": "就近处置"}
    if allowed:
        do(number, "hand_down", f"handler@{above}", **told)
        assert shares(number)[below].parent_id == shares(number)[above].pk
    else:
        assert refused(number, "hand_down", f"handler@{above}", **told).code == "not_below"


def test_a_zone_hands_down_to_the_streets_it_runs() -> None:
    from huying.places.models import Division

    run = Division.objects.exclude(zone="").filter(level="street")[0]
    assert Unit.objects.get(code=run.zone).kind == "zone"
    number = registered(matter=None)
    do(number, "dispatch", "dispatcher", lead=run.zone)
    do(number, "accept", f"handler@{run.zone}")
    assert refused(number, "hand_down", f"handler@{run.zone}", to=["610124001"]).code == "not_below"
    do(number, "hand_down", f"handler@{run.zone}", to=[run.code])


def test_one_of_two_hand_downs_is_taken_back() -> None:
    number = order_in("contacted")
    do(number, "hand_down", "handler", to=[SQUAD, "610113-cg-01"])
    do(number, "take_back", "handler", units=[SQUAD], **REASON)
    assert {code: shares(number)[code].state for code in (SQUAD, "610113-cg-01")} == {
        SQUAD: "recalled",
        "610113-cg-01": "to_accept",
    }
    assert running(number, SQUAD) == {}


def test_taken_back_may_be_given_again() -> None:
    number = order_in("handed_down")
    do(number, "take_back", "handler", **REASON)
    do(number, "hand_down", "handler", to=[SQUAD])
    assert shares(number)[SQUAD].state == "to_accept"


def test_the_citizen_is_told_once_per_dispatch() -> None:
    number = order_in("accepted")
    do(number, "add_assisting", "dispatcher", assisting=[OTHER])
    do(number, "hand_down", "handler", to=[SQUAD])
    assert queued(number) == ["dispatched"]
