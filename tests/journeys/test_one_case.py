"""One citizen's case from the call to the call-back, over HTTP, through every desk."""

from typing import Any

import pytest

from huying.kernel.identifiers import check_digit
from tests.city import Desk

UNIT = "610113-cg"


def carried_to_reply(desk: Desk) -> Any:
    order = desk.register()
    number = order["number"]
    desk.do("dispatcher", number, "dispatch", lead=UNIT, seen=order["version"])
    desk.do("handler", number, "accept")
    desk.do("handler", number, "contact", way="phone", reached=True, record="已电话联系，约定当晚到现场")
    desk.do("handler", number, "reply", result="solved", content="中队已到现场清理，并安排每晚巡查，责任人雷向东。")
    return desk.do("approver", number, "approve")


def test_from_ringing_to_closed(desk: Desk) -> None:
    order = carried_to_reply(desk)
    assert order["state"] == "to_call_back"
    closed = desk.do(
        "callback", order["number"], "call_back", way="phone", reached=True, solved=True, satisfied="satisfied"
    )
    assert (closed["state"], closed["outcome"]) == ("closed", "solved")
    status, events = desk.call("operator", "get", f"/orders/{order['number']}/events")
    assert status == 200
    assert [item["kind"] for item in events["items"]] == [
        "registered", "dispatch", "accept", "contact", "reply", "approve", "call_back",
    ]  # fmt: skip
    assert [item["seq"] for item in events["items"]] == list(range(1, 8))


def test_the_number_can_be_read_over_the_phone(desk: Desk) -> None:
    number = desk.register()["number"]
    assert len(number) == 15
    assert number.isdigit()
    assert check_digit(number[:-1]) == number[-1]


def test_citizens_are_masked_until_revealed_with_a_reason(desk: Desk) -> None:
    order = desk.register()
    assert order["citizen"]["phone"] == "138****5678"
    assert order["citizen"]["name"] == "杨**"
    status, shown = desk.call("dispatcher", "post", f"/orders/{order['number']}/reveal", {"reason": "核对地址"})
    assert (status, shown["phone"]) == (200, "13800005678")
    _, events = desk.call("dispatcher", "get", f"/orders/{order['number']}/events")
    assert events["items"][-1]["kind"] == "revealed"


def test_unsatisfied_and_true_is_done_again_with_half_the_limit(desk: Desk) -> None:
    order = carried_to_reply(desk)
    again = desk.do(
        "callback", order["number"], "call_back", way="phone", reached=True, solved=False, satisfied="unsatisfied",
        reason="第二天又摆出来了",
    )  # fmt: skip
    assert (again["state"], again["redo_count"]) == ("in_progress", 1)
    redo = [clock for clock in again["clocks"] if clock["kind"] == "redo"]
    assert [clock["stopped_at"] for clock in redo] == [None]


def test_two_people_at_once_one_wins_and_the_other_sees_what_happened(desk: Desk) -> None:
    order = desk.register()
    desk.do("dispatcher", order["number"], "dispatch", lead=UNIT, seen=order["version"])
    status, problem = desk.call(
        "dispatcher", "post", f"/orders/{order['number']}/dispatch", {"lead": "city-jtj", "seen": order["version"]}
    )
    assert (status, problem["code"]) == (409, "stale")
    assert problem["latest"]["label"] == "派单"


def test_other_units_do_not_know_of_it(desk: Desk) -> None:
    order = desk.register()
    desk.do("dispatcher", order["number"], "dispatch", lead="city-jtj")
    assert desk.call("handler", "get", f"/orders/{order['number']}")[0] == 404
    assert desk.refused("handler", order["number"], "accept") == (404, "no_such_order")
    assert desk.call("handler", "get", "/orders")[1]["items"] == []


def test_reports_are_confidential_and_seen_only_where_needed(desk: Desk) -> None:
    number = desk.register("operator", nature="report")["number"]
    seen_by = {
        who: desk.call(who, "get", f"/orders/{number}")[0]
        for who in ("operator", "leader", "dispatcher", "analyst", "quality", "handler")
    }
    assert seen_by == {
        "operator": 200,
        "leader": 200,
        "dispatcher": 200,
        "analyst": 404,
        "quality": 404,
        "handler": 404,
    }


@pytest.mark.parametrize(
    ("who", "verb", "told", "code"),
    [
        ("operator", "dispatch", {"lead": UNIT}, "no_permission"),
        ("dispatcher", "approve_return", {}, "wrong_state"),
        ("dispatcher", "dispatch", {"lead": "nowhere"}, "unknown_unit"),
        ("dispatcher", "dispatch", {"lead": UNIT, "assisting": [UNIT]}, "lead_is_assisting"),
        ("dispatcher", "dispatch", {}, "invalid_fields"),
    ],
)
def test_a_refused_verb_changes_nothing(desk: Desk, who: str, verb: str, told: dict[str, Any], code: str) -> None:
    order = desk.register()
    before = desk.call("operator", "get", f"/orders/{order['number']}")[1]
    assert desk.refused(who, order["number"], verb, **told)[1] == code
    assert desk.call("operator", "get", f"/orders/{order['number']}")[1]["version"] == before["version"]
    assert len(desk.call("operator", "get", f"/orders/{order['number']}/events")[1]["items"]) == 1


def test_search_finds_by_words_number_and_phone(desk: Desk) -> None:
    order = desk.register()
    for words in ("占满人行道", order["number"], order["number_display"], "13800005678", "夜市 摊位"):
        status, found = desk.call("dispatcher", "get", "/orders", {"q": words})
        assert status == 200
        assert [item["number"] for item in found["items"]] == [order["number"]], words
    assert desk.call("dispatcher", "get", "/orders", {"q": "供热温度"})[1]["items"] == []


def test_initials_find_the_street(desk: Desk) -> None:
    items = desk.call("operator", "get", "/places", {"q": "cybjd"})[1]["items"]
    assert items[0]["name"] == "长延堡街道"


def test_a_repeated_request_registers_once(desk: Desk) -> None:
    body = {"channel": "phone", "nature": "consult", "content": "公积金怎么提取", "title": "公积金提取"}
    first = desk.call("operator", "post", "/orders", body, **{"Idempotency-Key": "k-1"})[1]
    second = desk.call("operator", "post", "/orders", body, **{"Idempotency-Key": "k-1"})[1]
    assert first["number"] == second["number"]
    assert desk.call("operator", "get", "/orders")[1]["estimated_total"] == 1
