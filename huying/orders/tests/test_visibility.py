"""可见范围: who knows of which order, the same for every way to ask; counts and searches tell no more than lists."""

from typing import Any

import pytest

from huying.orders.flow import Actor
from huying.orders.models import WorkOrder
from huying.orders.visibility import visible_to
from huying.people.models import Staff, Unit
from huying.people.rules import permissions_of
from tests.city import Desk

pytestmark = pytest.mark.django_db
UNIT, SQUAD_STREET, OTHER = "610113-cg", "610113003", "city-jtj"
PHONE, NAME = "13800005678", "杨试试"
EVERYBODY = (
    "operator",
    "leader",
    "dispatcher",
    "handler",
    "approver",
    "callback",
    "supervisor",
    "quality",
    "analyst",
    "planner",
    "chief",
    "admin",
)
SEE_ALL = {
    "operator",
    "leader",
    "dispatcher",
    "approver",
    "callback",
    "supervisor",
    "quality",
    "analyst",
    "planner",
    "chief",
}
SEE_CONFIDENTIAL = {"dispatcher", "approver", "supervisor", "chief"}


def kinds(desk: Desk) -> dict[str, str]:
    """One order of each kind, by name."""
    made = {name: str(desk.register(**changes)["number"]) for name, changes in {
        "plain": {}, "given": {}, "elsewhere": {}, "returned": {},
        "report": {"nature": "report"}, "report_given": {"nature": "report"}, "report_taken": {"nature": "report"},
    }.items()}  # fmt: skip
    for name, unit in (
        ("given", UNIT),
        ("elsewhere", OTHER),
        ("returned", UNIT),
        ("report_given", UNIT),
        ("report_taken", UNIT),
    ):
        desk.do("dispatcher", made[name], "dispatch", lead=unit)
    for name in ("returned", "report_taken"):
        desk.do("dispatcher", made[name], "recall", reason="派错了单位")
    return made


def expected(who: str) -> set[str]:
    """The kinds an account knows of; reports are confidential, registered by `operator`, of the team of `leader`."""
    ordinary, reports = {"plain", "given", "elsewhere", "returned"}, {"report", "report_given", "report_taken"}
    if who == "handler":
        return {"given", "returned", "report_given"}
    if who in SEE_CONFIDENTIAL or who in ("operator", "leader"):
        return ordinary | reports
    return ordinary if who in SEE_ALL else set()


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_way_to_ask_gives_the_same_answer(desk: Desk, who: str) -> None:
    made = kinds(desk)
    seen = {made[name] for name in expected(who)}
    status, listed = desk.call(who, "get", "/orders", {"limit": 100})
    assert status == 200
    assert {item["number"] for item in listed["items"]} == seen
    assert listed["estimated_total"] == len(seen)
    assert listed["total_is_estimate"] is False
    for number in made.values():
        wanted = 200 if number in seen else 404
        for path in ("", "/events", "/routing"):
            assert desk.call(who, "get", f"/orders/{number}{path}")[0] == wanted, path
        found = desk.call(who, "get", "/orders", {"q": number})[1]
        assert (len(found["items"]), found["estimated_total"]) == ((1, 1) if number in seen else (0, 0))
        if number not in seen:
            for verb, told in (("note_down", {"note": "x"}), ("urge", {}), ("reveal", {"reason": "核对"})):
                assert desk.refused(who, number, verb, **told) == (404, "no_such_order"), verb


SEARCHES = (
    {"q": "夜市摊位"}, {"q": NAME}, {"q": PHONE}, {"phone": PHONE}, {"state": "to_dispatch,in_progress"}, {"nature": "report"},
)  # fmt: skip


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_search_and_no_count_is_an_oracle(desk: Desk, who: str) -> None:
    """What is found is never more than what is seen, neither in the rows nor in their number; and it is masked."""
    made = kinds(desk)
    seen = {made[name] for name in expected(who)}
    for query in SEARCHES:
        status, found = desk.call(who, "get", "/orders", {"limit": 100, **query})
        if status == 403:
            assert "phone" in query
            continue
        numbers = {item["number"] for item in found["items"]}
        assert numbers <= seen, query
        assert found["estimated_total"] == len(numbers), query
    for queue in desk.call(who, "get", "/queues")[1]:
        name = queue["query"].split("&")[0].removeprefix("queue=")
        listed = desk.call(who, "get", "/orders", {"queue": name, "limit": 100})[1]
        assert queue["count"] == len(listed["items"]), name
    for number in seen:
        for path in ("", "/events"):
            shown = str(desk.call(who, "get", f"/orders/{number}{path}")[1])
            assert PHONE not in shown
            assert NAME not in shown
    listed = desk.call(who, "get", "/orders", {"limit": 100})[1]
    assert {(item["citizen"]["name"], item["citizen"]["phone"]) for item in listed["items"]} <= {
        ("杨**", "138****5678")
    }


@pytest.mark.parametrize("who", ["analyst", "quality", "planner"])
def test_who_may_not_reveal_cannot_find_out_by_trying(desk: Desk, who: str) -> None:
    """With 138****5678 on the screen, ten thousand searches would find the rest."""
    number = str(desk.register()["number"])
    assert desk.call(who, "get", f"/orders/{number}")[0] == 200
    assert desk.refused(who, number, "reveal", reason="想看看") == (403, "no_permission")
    for query in ({"q": PHONE}, {"q": NAME}):
        assert desk.call(who, "get", "/orders", query)[1]["items"] == []
    assert desk.call(who, "get", "/orders", {"phone": PHONE})[0] == 403
    assert desk.call(who, "post", "/citizens/lookup", {"phone": PHONE})[0] == 403


def test_revealing_needs_a_reason_and_is_remembered(desk: Desk) -> None:
    number = str(desk.register()["number"])
    for reason in ("", " ", "x", None):
        assert desk.call("dispatcher", "post", f"/orders/{number}/reveal", {"reason": reason})[0] == 422
    assert desk.call("dispatcher", "post", f"/orders/{number}/reveal", {"reason": "核对地址"})[1]["phone"] == PHONE
    last = desk.call("dispatcher", "get", f"/orders/{number}/events")[1]["items"][-1]
    assert (last["kind"], last["actor"]) == ("revealed", "高朗")
    assert {"label": "原因", "value": "核对地址"} in last["lines"]


def staff(name: str, role: str, unit: str) -> str:
    Staff.objects.create_user(name, password="huying-demo", name=name, roles=[role], unit=Unit.objects.get(code=unit))
    return name


def test_a_hand_down_is_known_above_and_below_and_nowhere_else(desk: Desk) -> None:
    number = str(desk.register()["number"])
    desk.do("dispatcher", number, "dispatch", lead=UNIT)
    desk.do("handler", number, "accept")
    street, stranger = staff("street", "handler", SQUAD_STREET), staff("stranger", "handler", "610113004")
    assert desk.call(street, "get", f"/orders/{number}")[0] == 404
    desk.do("handler", number, "hand_down", to=[SQUAD_STREET], push_down_reason="街道更近")
    assert desk.call(street, "get", f"/orders/{number}")[0] == 200
    assert desk.call(stranger, "get", f"/orders/{number}")[0] == 404
    for who in ("handler", street):
        kept = [item["kind"] for item in desk.call(who, "get", f"/orders/{number}/events")[1]["items"]]
        assert kept == ["registered", "dispatch", "accept", "hand_down"], who


def test_a_caller_is_known_only_by_orders_one_may_see(desk: Desk) -> None:
    other = Staff.objects.create_user("operator2", password="huying-demo", name="别人", roles=["operator"])
    desk.register(nature="report", citizen={"name": NAME, "phone": PHONE})
    assert desk.call("operator", "post", "/citizens/lookup", {"phone": PHONE})[1]["total"] == 1
    hidden = desk.call(other.username, "post", "/citizens/lookup", {"phone": PHONE})[1]
    assert hidden == {"citizen": None, "open": [], "recent": [], "total": 0}
    desk.register(citizen={"name": NAME, "phone": PHONE})
    known = desk.call(other.username, "post", "/citizens/lookup", {"phone": "138 0000 5678"})[1]
    assert (known["citizen"]["name"], known["total"], len(known["open"])) == ("杨**", 1, 1)


def test_a_call_back_shows_a_report_while_it_lasts(desk: Desk) -> None:
    number = str(desk.register(nature="report")["number"])
    assert desk.call("callback", "get", f"/orders/{number}")[0] == 404
    WorkOrder.objects.filter(number=number).update(state="to_call_back")
    assert desk.call("callback", "get", f"/orders/{number}")[0] == 200
    WorkOrder.objects.filter(number=number).update(state="closed")
    assert desk.call("callback", "get", f"/orders/{number}")[0] == 404


def test_an_erased_citizen_stays_erased_everywhere(desk: Desk) -> None:
    number = str(desk.register()["number"])
    order = WorkOrder.objects.select_related("citizen").get(number=number)
    type(order.citizen).objects.filter(pk=order.citizen_id).update(key=None)
    shown = desk.call("dispatcher", "get", f"/orders/{number}")[1]
    assert shown["citizen"]["name"] == "已删除"
    status, problem = desk.call("dispatcher", "post", f"/orders/{number}/reveal", {"reason": "核对地址"})
    assert (status, problem["code"]) == (410, "erased")
    assert desk.call("operator", "post", "/citizens/lookup", {"phone": PHONE})[1]["citizen"] is None


def test_nobody_is_nobody() -> None:
    for role in ("", "handler", "head"):
        actor = Actor(None, "x", None, "", 0, None, role, permissions_of([role]))
        assert not visible_to(actor).exists()


def test_an_account_without_id_does_not_own_what_nobody_registered(desk: Desk) -> None:
    desk.register()
    WorkOrder.objects.update(operator=None)
    actor: Any = Actor(None, "x", None, "", 0, None, "handler", permissions_of(["handler"]))
    assert not visible_to(actor).exists()
