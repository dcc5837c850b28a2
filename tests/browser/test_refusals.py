"""What cannot be done says why; what breaks says so, and comes back."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import Seat
from .desk import Office, Site

pytestmark = pytest.mark.browser


def test_actions_that_are_not_possible_say_why(seat: Seat, office: Office) -> None:
    number = office.dispatched("先签收再办理")["number"]
    refused = [one for one in office.get("handler", f"/orders/{number}")["actions"] if not one["allowed"]]
    assert refused
    handler = seat("handler").open(f"/desk/orders/{number}")
    handler.pane.get_by_role("button", name=f"暂不能办的操作（{len(refused)}）").click()
    shown = handler.pane.locator(".refused:not(.refused-toggle) li")
    expect(shown).to_have_count(len(refused))
    for line, action in zip(shown.all(), refused, strict=True):
        expect(line).to_have_text(f"{action['label']}{action['reason']}")
    assert handler.wrong == []


def test_a_refusal_of_the_server_stands_beside_the_form_and_the_text_stays(seat: Seat, office: Office) -> None:
    number = office.handled("延期太久")["number"]
    told = {"days": 900, "reason": "需要采购配件", "told_citizen": True}
    status, problem = office.call("handler", "POST", f"/orders/{number}/extend", told)
    assert status in (409, 422)
    handler = seat("handler").open(f"/desk/orders/{number}")
    handler.act("申请延期")
    form = handler.form("申请延期")
    form.get_by_label("延长工作日数").fill("900")
    form.get_by_label("延期理由").fill("需要采购配件")
    handler.choose(form, "已告知诉求人", "是")
    handler.page.keyboard.press("Control+Enter")
    sentence = problem["errors"][0]["sentence"] if problem.get("errors") else problem["detail"]
    expect(form.get_by_role("alert").first).to_contain_text(sentence)
    expect(form.get_by_label("延期理由")).to_have_value("需要采购配件")


def test_what_is_missing_is_said_and_focused(seat: Seat, office: Office) -> None:
    number = office.dispatched("没有联系记录")["number"]
    office.do("handler", number, "accept")
    handler = seat("handler").open(f"/desk/orders/{number}")
    handler.key("答复", "f")
    form = handler.form("答复")
    form.get_by_label("答复内容").fill("已到现场清理。")
    handler.page.keyboard.press("Control+Enter")
    expect(form.get_by_role("alert").filter(has_text="处需要改")).to_contain_text("有 2 处需要改")
    expect(form.get_by_text("请选择办理结果")).to_be_visible()
    expect(form.get_by_text("没有联系记录的，请写明未联系上的原因")).to_be_visible()
    expect(handler.page.locator(":focus")).to_have_attribute("type", "radio")
    assert handler.wrong == []


def test_no_such_order_and_no_such_page(seat: Seat, office: Office) -> None:
    dispatcher = seat("dispatcher").open("/desk/orders/202601019999999")
    expect(dispatcher.page.get_by_role("alert")).to_contain_text("没有")
    expect(dispatcher.page.get_by_role("button", name="再试一次")).to_have_count(0)
    dispatcher.open("/desk/nowhere")
    expect(dispatcher.page.get_by_text("没有这个页面")).to_be_visible()
    # an order of another unit is not there for the handler either
    other = office.do("dispatcher", office.register("别的单位")["number"], "dispatch", lead="city-jtj")["number"]
    handler = seat("handler").open(f"/desk/orders/{other}")
    expect(handler.page.get_by_role("alert")).to_contain_text("没有")
    expect(handler.pane).not_to_contain_text("别的单位")


def test_a_server_that_is_away_is_said_and_comes_back(seat: Seat, site: Site) -> None:
    desk = seat("dispatcher").open_live("/desk/orders?nature=consult")
    page, rows = desk.page, desk.page.locator("tbody tr")
    expect(rows).not_to_have_count(0)
    try:
        site.stop(site.web, site.stream)
        expect(page.locator(".bar").get_by_role("status")).to_contain_text("实时更新中断")
        page.get_by_role("button", name="本单位的", exact=True).click()
        failed = page.get_by_role("alert").filter(has_text="连不上服务器。请检查网络")
        expect(failed.first.get_by_role("button", name="再试一次")).to_be_visible()
    finally:
        site.start()
    # once the stream is heard again, everything on the screen is read anew, without a press
    expect(failed).to_have_count(0)
    expect(page.locator(".bar").get_by_text("实时更新中断")).to_have_count(0)
    page.get_by_role("button", name="本单位的", exact=True).click()
    expect(rows.first).to_contain_text(re.compile("公积金"))
