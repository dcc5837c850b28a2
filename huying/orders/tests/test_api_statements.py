"""How many SQL statements a request may need, whatever the size of the page; the savepoint stands for BEGIN and COMMIT."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.city import Desk

pytestmark = pytest.mark.django_db
LEAD, ASSISTING = "610113-cg", ["610113-sc", "610113003"]


def statements(desk: Desk, who: str, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """(how many, answer) of a request that must succeed, the sign-in not counted."""
    desk.token(who)
    with CaptureQueriesContext(connection) as captured:
        status, answer = desk.call(who, method, path, body, **headers)
    assert status < 300, answer
    return len(captured), answer


@pytest.fixture
def warm(desk: Desk) -> Desk:
    """A process that has read the reference data once."""
    number = desk.register()["number"]
    desk.do("dispatcher", number, "dispatch", lead=LEAD)
    return desk


BODY = {
    "channel": "phone", "nature": "complaint", "title": "夜市占道", "content": "夜市摊位占满人行道。", "matter": "010201",
    "place": {"text": "雁塔区长延堡街道", "street": "610113003"}, "citizen": {"name": "杨试试", "phone": "13800005678"},
}  # fmt: skip


def test_registering(warm: Desk) -> None:
    assert statements(warm, "operator", "post", "/orders", BODY)[0] <= 15
    assert statements(warm, "operator", "post", "/orders", BODY, **{"Idempotency-Key": "k"})[0] <= 15 + 5
    assert statements(warm, "operator", "post", "/orders", BODY, **{"Idempotency-Key": "k"})[0] <= 15


def test_dispatching(warm: Desk) -> None:
    number = warm.register()["number"]
    assert statements(warm, "dispatcher", "post", f"/orders/{number}/dispatch", {"lead": LEAD})[0] <= 15
    number = warm.register()["number"]
    body = {"lead": LEAD, "assisting": ASSISTING}
    assert statements(warm, "dispatcher", "post", f"/orders/{number}/dispatch", body)[0] <= 15


def test_a_list_needs_as_many_for_one_row_as_for_a_hundred(warm: Desk) -> None:
    for index in range(110):
        warm.register(citizen={"name": f"杨{index:03d}", "phone": f"138{index:08d}"})
    warm.call("dispatcher", "get", "/orders")  # reads the names that lines of a list show, kept for 30 s
    counts = {limit: statements(warm, "dispatcher", "get", "/orders", {"limit": limit}) for limit in (1, 20, 100)}
    assert len(counts[100][1]["items"]) == 100
    assert len({count for count, _ in counts.values()}) == 1
    assert counts[100][0] <= 10
    for query in (
        {"q": "夜市"},
        {"q": "13800000001"},
        {"q": "杨001"},
        {"state": "to_dispatch", "sort": "due"},
        {"queue": "to_dispatch"},
    ):
        assert statements(warm, "dispatcher", "get", "/orders", {"limit": 100, **query})[0] <= 10, query
    second = {"limit": 50, "cursor": counts[20][1]["next"]}
    assert statements(warm, "dispatcher", "get", "/orders", second)[0] <= 10
    assert statements(warm, "handler", "get", "/orders", {"limit": 100})[0] <= 10


def test_one_order_with_all_that_hangs_on_it(warm: Desk) -> None:
    order = warm.register()
    number = order["number"]
    assert statements(warm, "operator", "get", f"/orders/{number}")[0] <= 12
    warm.do("dispatcher", number, "dispatch", lead=LEAD, assisting=["610113-sc"])
    warm.do("handler", number, "accept")
    warm.do("handler", number, "contact", way="phone", reached=True, record="已电话联系")
    warm.do("handler", number, "hand_down", to=["610113003"])
    warm.do("handler", number, "extend", days=3, reason="需要会同街道", told_citizen=True)
    assert statements(warm, "dispatcher", "get", f"/orders/{number}")[0] <= 12
    assert statements(warm, "dispatcher", "get", f"/orders/{number}/events")[0] <= 6
    assert statements(warm, "dispatcher", "get", f"/orders/{number}/routing")[0] <= 6


@pytest.mark.parametrize(
    "who", ["operator", "leader", "dispatcher", "handler", "approver", "callback", "supervisor", "chief"]
)
def test_queues_need_one_statement_each(warm: Desk, who: str) -> None:
    count, found = statements(warm, who, "get", "/queues")
    assert count <= len(found) + 2


def test_a_caller_looked_up_while_the_telephone_rings(warm: Desk) -> None:
    assert statements(warm, "operator", "post", "/citizens/lookup", {"phone": "13800005678"})[0] <= 8


@pytest.mark.parametrize("path", ["/me", "/flow", "/matters?q=暖气", "/units?q=城管", "/places?q=cybjd", "/views"])
def test_searches_while_typing(warm: Desk, path: str) -> None:
    assert statements(warm, "operator", "get", path)[0] <= 4
