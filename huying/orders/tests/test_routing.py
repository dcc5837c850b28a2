"""派单目录建议: by an order, and while one is being written."""

import pytest

from tests.city import Desk


def test_the_unit_is_known_while_the_order_is_written(desk: Desk) -> None:
    status, found = desk.call("operator", "get", "/routing", {"matter": "010201", "street": "610113003"})
    order = desk.register(matter="010201", place={"text": "路口", "street": "610113003"})
    afterwards = desk.call("operator", "get", f"/orders/{order['number']}/routing")[1]
    assert status == 200
    assert found["lead"]["code"] == "610113-cg"
    assert found["lines"][0]["duty"]
    assert {name: found[name] for name in afterwards} == afterwards


def test_without_a_place_the_line_is_shown_without_the_unit_of_a_district(desk: Desk) -> None:
    found = desk.call("operator", "get", "/routing", {"matter": "010201"})[1]
    assert found["lead"] is None
    assert found["lines"][0]["lead"] is None
    assert found["limits"] == []


def test_limits_follow_nature_and_urgency(desk: Desk) -> None:
    def handle(nature: str, urgency: str) -> str:
        query = {"matter": "010201", "nature": nature, "urgency": urgency}
        limits = desk.call("operator", "get", "/routing", query)[1]["limits"]
        return next(str(one["limit"]) for one in limits if one["kind"] == "handle")

    assert handle("complaint", "normal") == "5个工作日"
    assert handle("consult", "normal") == "2个工作日"
    assert handle("complaint", "urgent") == "24小时"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"matter": "0102"}, "unknown_matter"),
        ({"matter": "010201", "street": "610113"}, "unknown_street"),
        ({"matter": "010201", "street": "610113003", "nature": "nonsense"}, "invalid_fields"),
        ({}, "invalid_fields"),
    ],
)
def test_unknown_codes_are_refused(desk: Desk, query: dict[str, str], code: str) -> None:
    status, problem = desk.call("operator", "get", "/routing", query)
    assert (status, problem["code"]) == (422, code)
