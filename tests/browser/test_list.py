"""The order list: filters that one sees and sends as a link, saved views, more rows, keys, search."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import Seat
from .desk import ASKED, MANY, Office

pytestmark = pytest.mark.browser

PAGE = 50


def test_filters_stand_as_chips_and_in_the_address(seat: Seat) -> None:
    desk = seat("dispatcher").open("/desk/orders")
    page, chips = desk.page, desk.page.locator(".chips .chip")
    page.get_by_role("button", name=re.compile("^性质")).click()
    page.get_by_role("checkbox", name="咨询", exact=True).check()
    page.keyboard.press("Escape")
    page.get_by_label("时限", exact=True).select_option(label="已超期")
    expect(chips).to_have_text([re.compile(r"性质\s*咨询"), re.compile(r"时限\s*已超期")])
    expect(page).to_have_url(re.compile(r"nature=consult&lamp=red"))
    expect(page.get_by_text("没有符合条件的工单")).to_be_visible()
    page.get_by_role("button", name="去掉条件 咨询").click()
    expect(chips).to_have_text([re.compile(r"时限\s*已超期")])
    expect(page.locator("tbody tr")).not_to_have_count(0)
    words = page.locator("tbody td.lamp").all_inner_texts()
    assert [one for one in words if "超期" not in one] == []
    # what one sees can be sent as a link
    page.reload()
    expect(chips).to_have_text([re.compile(r"时限\s*已超期")])
    page.get_by_role("button", name="清除条件").click()
    expect(chips).to_have_count(0)
    assert desk.wrong == []


def test_a_view_is_saved_found_again_and_deleted(seat: Seat) -> None:
    desk = seat("dispatcher").open("/desk/orders?nature=consult&state=closed")
    page = desk.page
    page.get_by_role("button", name="存为视图").click()
    page.get_by_label("视图名称").fill("已答复的咨询")
    page.keyboard.press("Enter")
    expect(desk.said).to_contain_text("已存为视图“已答复的咨询”")
    page.goto("/desk/")
    view = page.get_by_role("navigation", name="工作", exact=True).get_by_role("link", name="已答复的咨询")
    view.click()
    expect(page).to_have_url(re.compile(r"state=closed&nature=consult"))
    expect(page.locator(".chips .chip")).to_have_count(2)
    expect(page.locator("tbody tr").first).to_contain_text(ASKED)
    page.get_by_role("button", name="删除视图").click()
    expect(desk.said).to_contain_text("已删除视图“已答复的咨询”")
    expect(view).to_have_count(0)
    assert desk.wrong == []


def test_more_rows_come_without_a_gap_or_a_repeat(seat: Seat) -> None:
    desk = seat("operator").open("/desk/orders?nature=consult&state=closed")
    page, rows = desk.page, desk.page.locator("tbody tr")
    expect(rows).to_have_count(PAGE)
    expect(page.locator(".foot").get_by_role("status")).to_have_text(re.compile(rf"^(约|共) {MANY} 件$"))
    page.keyboard.press("m")
    expect(rows).to_have_count(MANY)
    expect(page.locator(".foot")).to_contain_text("已到末尾")
    titles = page.locator("tbody td.title a").all_inner_texts()
    assert sorted(titles) == sorted(f"{ASKED}（{n}）" for n in range(1, MANY + 1))
    assert desk.wrong == []


def test_keys_move_open_and_come_back(seat: Seat) -> None:
    desk = seat("dispatcher").open("/desk/orders?nature=consult")
    page, at = desk.page, desk.page.locator("tbody tr.at")
    titles = page.locator("tbody td.title a")
    expect(titles).to_have_count(PAGE)
    first, second = titles.nth(0).inner_text(), titles.nth(1).inner_text()
    for key, title in (("j", first), ("j", second), ("k", first), ("ArrowDown", second)):
        page.keyboard.press(key)
        expect(at).to_contain_text(title)
    page.keyboard.press("Enter")
    expect(desk.stands).to_contain_text(second)
    page.get_by_role("button", name="返回", exact=True).click()
    expect(titles).to_have_count(PAGE)
    assert desk.wrong == []


def test_search_finds_by_words_phone_and_number(seat: Seat, office: Office) -> None:
    phone = "19900001234"
    citizen = {"name": "郑试试", "phone": phone, "anonymous": False}
    order = office.register("共享单车堆满盲道", content="地铁口的共享单车把盲道占得满满的。", citizen=citizen)
    desk = seat("dispatcher").open("/desk/orders")
    page, rows = desk.page, desk.page.locator("tbody tr")
    box = page.get_by_role("searchbox", name="查询", exact=True)
    for words in ("盲道 单车", phone, order["number"], order["number_display"]):
        box.fill(words)
        box.press("Enter")
        expect(page).to_have_url(re.compile(r"[?&]q="))
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text("共享单车堆满盲道")
        box.fill("没有这样的词语啊")
        box.press("Enter")
        expect(page.get_by_text("没有符合条件的工单")).to_be_visible()
    jump = page.get_by_role("searchbox", name="查工单")
    page.keyboard.press("/")
    expect(jump).to_be_focused()
    jump.fill(order["number_display"])
    jump.press("Enter")
    expect(desk.stands).to_contain_text("共享单车堆满盲道")
    assert desk.wrong == []
