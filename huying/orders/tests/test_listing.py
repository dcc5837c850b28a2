"""Pages of lists and searches: every match once, in order, however the search goes about it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huying.kernel import clock
from huying.orders import listing, queries
from huying.orders.flow import Actor
from huying.orders.models import WorkOrder
from huying.orders.operations import perform, register
from huying.orders.operations.registering import Submission
from huying.orders.reading import SYSTEM, actor_of
from huying.people.models import Staff, Unit

pytestmark = pytest.mark.django_db
AGES_DAYS = (
    0,
    1,
    3,
    5,
    15,
    17,
    60,
    63,
    65,
    100,
    255,
    257,
    300,
    1000,
    1023,
    1025,
    1500,
)  # on both sides of every stretch


def made(content: str, age: float, **changes: Any) -> WorkOrder:
    """An order of so many days ago."""
    return register(
        Submission(
            channel="phone", nature="complaint", title="夜间施工", content=content, matter="050101", street="610113003",
            received_at=clock.now() - timedelta(days=age), **changes,
        ),
        by=SYSTEM,
    )  # fmt: skip


def actor(name: str) -> Actor:
    """A demo account."""
    return actor_of(Staff.objects.select_related("unit", "team").get(username=name))


def paged(by: Actor, f: dict[str, str], limit: int, sort: str = "newest") -> Iterator[list[str]]:
    """The numbers of each page until there is none."""
    cursor = None
    while True:
        page = queries.page(by, f, limit=limit, cursor=cursor, sort=sort)
        yield [order.number for order in page.orders]
        cursor = page.next
        if cursor is None:
            return


@pytest.fixture
def heard() -> list[str]:
    """Numbers of orders that name a stone drum, newest first, among others that do not."""
    for age in AGES_DAYS:
        made("路灯不亮", age + 0.1)
    return [made("石鼓旁边整夜施工", age).number for age in AGES_DAYS]


@pytest.mark.parametrize("frequent", [True, False])
@pytest.mark.parametrize("limit", [1, 3, 100])
def test_a_search_gives_every_match_once_and_newest_first(
    heard: list[str], frequent: bool, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "STRETCHED_FROM", -1 if frequent else 10**9)
    pages = list(paged(actor("dispatcher"), {"q": "石鼓"}, limit))
    assert [number for page in pages for number in page] == heard
    assert all(len(page) == limit for page in pages[:-1])


def test_orders_received_at_the_same_moment_are_not_lost_between_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.frozen(clock.now()):
        made_numbers = [made("石鼓旁边整夜施工", 5).number for _ in range(5)]
    for stretched in (-1, 10**9):
        monkeypatch.setattr(listing, "STRETCHED_FROM", stretched)
        for f in ({"q": "石鼓"}, {"street": "610113003"}):
            found = [number for page in paged(actor("dispatcher"), f, 2) for number in page]
            assert found == made_numbers[::-1]


def test_by_deadline_a_search_and_a_list_give_the_same(heard: list[str]) -> None:
    by = actor("dispatcher")
    found = [number for page in paged(by, {"q": "石鼓"}, 2, "due") for number in page]
    assert sorted(found) == sorted(heard)
    dues = {order.number: (order.due_at, order.pk) for order in WorkOrder.objects.all()}
    assert found == sorted(found, key=lambda number: dues[number])
    listed = [number for page in paged(by, {}, 3, "due") for number in page]
    assert [number for number in listed if number in heard] == found


@pytest.mark.parametrize("frequent", [True, False])
def test_the_number_of_matches_is_exact_when_small(
    heard: list[str], frequent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "STRETCHED_FROM", -1 if frequent else 10**9)
    by = actor("dispatcher")
    for f, number in (
        ({"q": "石鼓"}, len(heard)),
        ({"q": "没有人说过"}, 0),
        ({"street": "610113003"}, 2 * len(heard)),
        ({}, 2 * len(heard)),
    ):
        page = queries.page(by, f, limit=3, cursor=None, sort="newest")
        assert (page.total, page.total_is_estimate) == (number, False), f
        if page.next:
            assert queries.page(by, f, limit=3, cursor=page.next, sort="newest").total == number


def test_from_a_thousand_on_the_number_is_called_an_estimate(heard: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNTED_UP_TO", 5)
    for f in ({}, {"q": "石鼓"}):
        page = queries.page(actor("dispatcher"), f, limit=3, cursor=None, sort="newest")
        assert page.total_is_estimate
        assert page.total >= 5
        assert len(page.orders) == 3


def test_a_domain_or_group_finds_its_leaves() -> None:
    inside = [
        made(
            "施工",
            1,
        ).number
        for _ in range(2)
    ]
    by = actor("dispatcher")
    for code in ("05", "0501", "050101"):
        for name in ("matter", "domain")[: 2 if len(code) == 2 else 1]:
            assert sorted(next(paged(by, {name: code}, 10))) == sorted(inside)
    assert next(paged(by, {"matter": "0502"}, 10)) == []
    assert next(paged(by, {"domain": "06"}, 10)) == []


def test_lines_need_no_statement_of_their_own_and_follow_a_new_unit() -> None:
    number = made("石鼓旁边整夜施工", 1).number
    perform(number, "dispatch", {"lead": "610113-cg"}, by=actor("dispatcher"))
    by = actor("dispatcher")
    queries.page(by, {}, limit=10, cursor=None, sort="newest")
    page = queries.page(by, {}, limit=10, cursor=None, sort="newest")
    with CaptureQueriesContext(connection) as captured:
        order = page.orders[0]
        assert order.lead_unit is not None
        assert order.matter is not None
        assert order.matter.parent is not None
        assert order.street is not None
        assert order.area is not None
        assert (order.lead_unit.code, order.matter.parent.code, order.street.code) == ("610113-cg", "0501", "610113003")
        assert (order.citizen.anonymous, order.parent) == (False, None)
    assert len(captured) == 0
    fresh = Unit.objects.create(code="fresh", name="新设单位", short="新单位", tier=2, kind=Unit.Kind.DEPARTMENT)
    WorkOrder.objects.filter(number=number).update(lead_unit=fresh)
    again = queries.page(by, {}, limit=10, cursor=None, sort="newest").orders[0]
    assert again.lead_unit is not None
    assert again.lead_unit.name == "新设单位"


def test_a_unit_sees_its_own_and_an_operator_moved_there_no_longer_what_they_registered() -> None:
    mine, other = made("石鼓旁边整夜施工", 1).number, made("石鼓旁边整夜施工", 2).number
    dispatcher = actor("dispatcher")
    handler = Staff.objects.select_related("unit").get(username="handler")
    assert handler.unit is not None
    perform(mine, "dispatch", {"lead": handler.unit.code}, by=dispatcher)
    WorkOrder.objects.filter(number=other).update(operator=handler)
    assert [number for page in paged(actor_of(handler), {}, 10) for number in page] == [mine]
    assert [number for page in paged(actor_of(handler), {"q": "石鼓"}, 10) for number in page] == [mine]


def test_who_may_do_nothing_sees_nothing() -> None:
    made("石鼓旁边整夜施工", 1)
    assert list(paged(actor("admin"), {}, 10)) == [[]]
    assert list(paged(actor("admin"), {"q": "石鼓"}, 10)) == [[]]
