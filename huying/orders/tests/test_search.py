"""Finding orders: by words, number, telephone, name; every filter; pages that neither repeat nor skip."""

from datetime import timedelta
from typing import Any

import pytest

from huying.kernel import clock
from huying.orders import listing
from huying.orders.models import WorkOrder
from tests.city import Desk

pytestmark = pytest.mark.django_db


def found(desk: Desk, who: str = "dispatcher", **query: Any) -> list[str]:
    status, answer = desk.call(who, "get", "/orders", query)
    assert status == 200, answer
    return [item["number"] for item in answer["items"]]


def made(desk: Desk, content: str, **changes: Any) -> str:
    return str(desk.register(title="", content=content, **changes)["number"])


def test_words_in_any_order_and_parts_of_them(desk: Desk) -> None:
    heating = made(desk, "家里暖气不热，室温只有十二度，老人受不了", place={"text": "未央区凤城五路紫薇花园3号楼"})
    noise = made(desk, "楼下烧烤店夜里两点还在吵，油烟也大", place={"text": "雁塔区小寨西路"})
    for words in ("暖气", "暖气不热", "不热 暖气", "室温", "凤城五路", "紫薇花园", "3号楼", "老人受不了"):
        assert found(desk, q=words) == [heating], words
    for words in ("烧烤", "油烟", "小寨西路", "烧烤 油烟"):
        assert found(desk, q=words) == [noise], words
    assert found(desk, q="暖气 烧烤") == []


def test_numbers_with_and_without_dashes(desk: Desk) -> None:
    order, _ = desk.register(), desk.register()
    number, shown = order["number"], order["number_display"]
    for typed in (
        number,
        shown,
        f" {shown} ",
        shown.replace("-", "－"),
        number.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ):
        assert found(desk, q=typed) == [number], typed


def test_telephones_as_people_write_them(desk: Desk) -> None:
    number = made(desk, "咨询", citizen={"name": "李试试", "phone": "138 1111-2222"})
    desk.register()
    for typed in ("13811112222", "138-1111-2222", "+86 138 1111 2222", "１３８１１１１２２２２", "(138)11112222"):
        assert found(desk, q=typed) == [number], typed
        assert found(desk, phone=typed) == [number], typed
    assert found(desk, q="1381111222") == [], "no part of a number"


def test_names_exactly_and_words_that_are_names_too(desk: Desk) -> None:
    mine = made(desk, "咨询公积金", citizen={"name": "夏天", "phone": "13811110001"})
    about = made(desk, "夏天太热，公交车没有空调")
    assert set(found(desk, q="夏天")) == {mine, about}, "a citizen's name and a word of a text"
    assert found(desk, q="夏") == []
    full = made(desk, "咨询", citizen={"name": "阿卜杜拉·买买提", "phone": "13811110002"})
    assert found(desk, q="阿卜杜拉·买买提") == [full]


@pytest.mark.parametrize("q", ["的", "吗", "，。！？", "'", "热" * 200, "a" * 200, "怎么办"])
def test_queries_with_little_in_them(desk: Desk, q: str) -> None:
    made(desk, "家里暖气不热")
    assert found(desk, q=q) == []


def test_blank_is_no_query(desk: Desk) -> None:
    number = made(desk, "家里暖气不热")
    assert found(desk, q="  ") == [number]


def test_each_filter(desk: Desk) -> None:
    street = made(desk, "甲事", nature="complaint", urgency="urgent", channel="web")
    other = made(
        desk,
        "乙事",
        nature="consult",
        matter="030101",
        place={"text": "", "street": "610102001"},
        channel="phone",
        urgency="normal",
    )
    third = made(
        desk,
        "丙事",
        nature="consult",
        matter="030101",
        place={"text": "", "street": "610102001"},
        channel="phone",
        urgency="normal",
    )
    desk.do("dispatcher", third, "dispatch", lead="610113-cg")
    today = clock.local(clock.now()).date()
    expected: list[tuple[dict[str, str], set[str]]] = [
        ({"state": "to_dispatch"}, {street, other}), ({"state": "in_progress"}, {third}),
        ({"state": "to_dispatch,in_progress"}, {street, other, third}), ({"nature": "complaint"}, {street}),
        ({"nature": "consult,complaint"}, {street, other, third}), ({"urgency": "urgent"}, {street}), ({"channel": "web"}, {street}),
        ({"domain": "01"}, {street}), ({"matter": "0301"}, {other, third}), ({"matter": "030101"}, {other, third}), ({"domain": "05"}, set()),
        ({"area": "610113"}, {street}), ({"street": "610102001"}, {other, third}), ({"unit": "610113-cg"}, {third}), ({"unit": "none"}, set()),
        ({"lamp": "green"}, {street, other, third}), ({"lamp": "red"}, set()), ({"lamp": "yellow"}, set()),
        ({"from": str(today)}, {street, other, third}), ({"to": str(today)}, {street, other, third}),
        ({"from": str(today + timedelta(days=1))}, set()), ({"to": str(today - timedelta(days=1))}, set()),
        ({"queue": "to_dispatch"}, {street, other}), ({"queue": "to_dispatch", "nature": "consult"}, {other}),
    ]  # fmt: skip
    for query, numbers in expected:
        assert set(found(desk, **query)) == numbers, query
    assert set(found(desk, "operator", mine="true")) == {street, other, third}
    assert found(desk, "dispatcher", mine="true") == []
    assert set(found(desk, "handler", ours="true")) == {third}
    assert set(found(desk, "leader", ours="true")) == {street, other, third}


def test_lamps_turn_with_the_clock(desk: Desk) -> None:
    number = made(desk, "暖气不热")
    order = WorkOrder.objects.get(number=number)
    assert order.warn_at is not None
    assert order.due_at is not None
    for moment, lamp in (
        (order.warn_at - timedelta(seconds=1), "green"),
        (order.warn_at, "yellow"),
        (order.due_at + timedelta(seconds=1), "red"),
    ):
        token = desk.token("dispatcher")
        assert token
        with clock.frozen(moment):
            for color in ("green", "yellow", "red"):
                assert found(desk, lamp=color) == ([number] if color == lamp else []), (lamp, color)


@pytest.mark.parametrize("sort", ["newest", "due"])
def test_pages_neither_repeat_nor_skip_while_orders_come_in(desk: Desk, sort: str) -> None:
    there = [made(desk, f"第{index}件事") for index in range(7)]
    WorkOrder.objects.filter(number__in=there[:3]).update(received_at=clock.now())  # the same moment, told apart by row
    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": 2, "sort": sort} | ({"cursor": cursor} if cursor else {})
        page = desk.call("dispatcher", "get", "/orders", query)[1]
        seen += [item["number"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
        made(desk, "后来的事")
        assert len(seen) < 40
    assert len(seen) == len(set(seen))
    assert set(there) <= set(seen)


def test_a_count_too_large_to_count_says_that_it_is_estimated(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for index in range(5):
        made(desk, f"第{index}件事")
    exact = desk.call("dispatcher", "get", "/orders")[1]
    assert (exact["estimated_total"], exact["total_is_estimate"]) == (5, False)
    monkeypatch.setattr(listing, "COUNTED_UP_TO", 3)
    rough = desk.call("dispatcher", "get", "/orders", {"limit": 2})[1]
    assert rough["total_is_estimate"] is True
    assert rough["estimated_total"] >= 3
