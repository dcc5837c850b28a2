"""What is confidential stays in its circle, and a unit that lost its share sees no more of the citizen."""

from typing import Any

import pytest

from huying.orders.models import WorkOrder
from tests.city import Desk

UNIT = "610113-cg"


def confidential(number: str) -> bool:
    return WorkOrder.objects.get(number=number).confidential


@pytest.mark.parametrize(("child", "parent"), [("complaint", "report"), ("report", "complaint")])
def test_a_confidential_and_an_open_order_are_not_merged(desk: Desk, child: str, parent: str) -> None:
    one, other = desk.register(nature=child), desk.register(nature=parent)
    assert desk.refused("dispatcher", one["number"], "merge", into=other["number"]) == (409, "confidentiality_differs")
    assert desk.call("dispatcher", "get", f"/orders/{one['number']}")[1]["version"] == one["version"]


def test_what_becomes_a_report_becomes_confidential(desk: Desk) -> None:
    number = desk.register()["number"]
    desk.do("operator", number, "correct", nature="report")
    assert confidential(number)
    assert desk.call("quality", "get", f"/orders/{number}")[0] == 404


def test_only_who_sees_confidential_orders_lifts_it(desk: Desk) -> None:
    number = desk.register(nature="report")["number"]
    assert desk.refused("operator", number, "correct", confidential=False) == (409, "confidentiality_kept")
    assert confidential(number)
    desk.do("dispatcher", number, "correct", confidential=False)
    assert not confidential(number)


def test_merged_orders_keep_their_confidence(desk: Desk) -> None:
    one, other = desk.register(), desk.register()
    desk.do("dispatcher", one["number"], "merge", into=other["number"])
    assert desk.refused("dispatcher", other["number"], "correct", confidential=True) == (409, "confidentiality_merged")


def test_a_unit_whose_work_was_taken_back_reveals_and_attaches_nothing(desk: Desk) -> None:
    number = desk.register()["number"]
    desk.do("dispatcher", number, "dispatch", lead=UNIT)
    assert desk.call("handler", "post", f"/orders/{number}/reveal", {"reason": "核对地址"})[0] == 200
    desk.do("dispatcher", number, "recall", reason="派错了")
    status, problem = desk.call("handler", "post", f"/orders/{number}/reveal", {"reason": "核对地址"})
    assert (status, problem["code"]) == (403, "share_ended")


def test_the_history_masks_personal_words_for_those_who_may_not_reveal(desk: Desk) -> None:
    number = desk.register()["number"]
    desk.do("dispatcher", number, "dispatch", lead=UNIT)
    desk.do("handler", number, "contact", way="phone", reached=True, record="已致电13800005678，约定明天到场")

    def record(who: str) -> Any:
        events = desk.call(who, "get", f"/orders/{number}/events")[1]["items"]
        return next(line["value"] for line in events[-1]["lines"] if line["label"] == "联系记录")

    assert "13800005678" in record("dispatcher")
    assert "13800005678" not in record("planner")
    assert "约定明天到场" in record("planner")


def test_an_operator_is_not_told_the_number_of_an_order_hidden_from_them(desk: Desk) -> None:
    desk.register("leader", nature="report", channel="web", source_id="s-1")
    status, problem = desk.call(
        "operator", "post", "/orders", {"channel": "web", "nature": "consult", "content": "问一下", "source_id": "s-1"}
    )
    assert (status, problem["code"]) == (409, "already_registered")
    assert "number" not in problem
