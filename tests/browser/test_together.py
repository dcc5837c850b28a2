"""Several people at one order: what others do is seen at once, and takes nothing away that was typed."""

import http.client
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import Seat
from .desk import UNIT, WAIT_MS, Office, Site

pytestmark = pytest.mark.browser

NOTE = "群众反映强烈，请今天内到场处置。"
RECORD = "已电话联系诉求人，约定明早九点到现场。"


def test_of_two_dispatchers_the_second_sees_what_happened_and_keeps_the_text(seat: Seat, office: Office) -> None:
    number = office.register("两人同时派单")["number"]
    first, second = seat("dispatcher2"), seat("dispatcher")
    second.open_live(f"/desk/orders/{number}")
    second.key("派单", "d")
    opinion = second.form("派单").get_by_label("派单意见")
    opinion.fill(NOTE)

    first.open(f"/desk/orders/{number}")
    expect(first.pane.get_by_role("button", name="采用", exact=True).first).to_be_visible()
    first.page.keyboard.press("Alt+o")
    expect(first.form("派单")).to_contain_text("已采用")
    first.page.keyboard.press("Control+Enter")
    expect(first.said).to_contain_text("派单已完成")

    notice = second.pane.get_by_role("alert").filter(has_text="别人刚改过这张工单")
    expect(notice).to_contain_text(re.compile("柳青.*派单"))
    expect(notice).to_contain_text("您填写的内容还在")
    expect(opinion).to_have_value(NOTE)
    # the press of the second is not sent: it would be about an order that is no longer there
    second.page.keyboard.press("Control+Enter")
    notice.get_by_role("button", name="看最新情况").click()
    expect(notice).to_have_count(0)
    expect(second.form("派单")).to_contain_text("工单现在是“办理中”，不能再派单")
    expect(opinion).to_have_value(NOTE)
    assert [event["actor"] for event in events(office, number) if event["kind"] == "dispatch"] == ["柳青"]
    assert second.wrong == []


def test_without_the_stream_the_refusal_tells_it_and_the_work_goes_on(seat: Seat, office: Office) -> None:
    number = office.dispatched("没有实时推送")["number"]
    office.do("handler", number, "accept")
    handler = seat("handler")
    handler.page.route("**/api/v1/stream", lambda route: route.abort())
    handler.open(f"/desk/orders/{number}")
    handler.key("联系诉求人", "t")
    form = handler.form("联系诉求人")
    handler.choose(form, "联系方式", "电话")
    handler.choose(form, "是否联系上", "是")
    record = form.get_by_label("联系记录")
    record.fill(RECORD)
    office.do("operator", number, "urge", note="诉求人又来电催问。")
    handler.page.keyboard.press("Control+Enter")
    notice = handler.pane.get_by_role("alert").filter(has_text="别人刚改过这张工单")
    expect(notice).to_contain_text("催办")
    expect(notice).to_contain_text("秦悦")
    expect(record).to_have_value(RECORD)
    notice.get_by_role("button", name="看最新情况").click()
    expect(notice).to_have_count(0)
    expect(record).to_have_value(RECORD)
    handler.page.keyboard.press("Control+Enter")
    expect(form).to_have_count(0)
    assert RECORD in [line["value"] for event in events(office, number) for line in event["lines"]]


def test_a_queue_counts_and_shows_what_arrives_without_reload(seat: Seat, office: Office) -> None:
    number = office.register("实时推送到承办人")["number"]
    handler = seat("handler").open_live("/desk/?queue=to_accept")
    expect(handler.count("待签收")).to_be_visible()
    before = int(handler.count("待签收").inner_text())
    expect(handler.row(number)).to_have_count(0)
    handler.page.evaluate("window.notReloaded = true")
    office.do("dispatcher", number, "dispatch", lead=UNIT)
    expect(handler.count("待签收")).to_have_text(str(before + 1))
    expect(handler.row(number)).to_be_visible()
    assert handler.page.evaluate("window.notReloaded") is True
    assert handler.wrong == []


def test_windows_where_nobody_works_keep_nobody_out(site: Site) -> None:
    """A browser keeps up to six connections open; a server that counts them as work answers twenty people, then nobody."""
    idle: list[http.client.HTTPConnection] = []
    try:
        for _ in range(100):
            wire = http.client.HTTPConnection("127.0.0.1", site.port, timeout=WAIT_MS / 1000)
            idle.append(wire)
            wire.request("GET", "/healthz")
            answer = wire.getresponse()
            answer.read()
            assert answer.status == 200
    finally:
        for wire in idle:
            wire.close()


def events(office: Office, number: str) -> list[dict[str, Any]]:
    """What happened to an order."""
    return list(office.get("dispatcher", f"/orders/{number}/events")["items"])
