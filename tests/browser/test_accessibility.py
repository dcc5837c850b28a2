"""axe-core finds no serious or critical fault on any screen, by day and by night."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from huying.config.testing import ROOT

from .conftest import Seat
from .desk import Desk, Office

pytestmark = pytest.mark.browser

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
# quality, planner and admin have no queue of their own either: they see what the analyst sees.
ROLES = ("operator", "leader", "dispatcher", "handler", "approver", "callback", "supervisor", "chief", "analyst")
COLOURS = "{runOnly: ['color-contrast'], resultTypes: ['violations']}"
EVERYTHING = "{resultTypes: ['violations']}"


def faults(desk: Desk, where: str) -> list[str]:
    """What axe finds there, serious or critical: everything by day, by night what colours can do wrong.

    It comes over the debugging protocol: the policy of the page stays as it is.
    """
    if not desk.page.evaluate("'axe' in window"):
        desk.page.evaluate(AXE.read_text("utf-8"))
    found = graver(desk, EVERYTHING, where)
    desk.page.keyboard.press("Alt+Shift+t")
    if desk.page.locator("html[data-theme='night']").count():
        found += graver(desk, COLOURS, f"{where} by night")
        desk.page.keyboard.press("Alt+Shift+t")
    return found


def graver(desk: Desk, options: str, where: str) -> list[str]:
    """One run of axe."""
    run = f"axe.run(document, {options}).then(one => one.violations)"
    found: list[dict[str, Any]] = desk.page.evaluate(run)
    grave = [one for one in found if one["impact"] in ("serious", "critical")]
    return [f"{where}: {one['impact']} {one['id']} {node['html'][:160]}" for one in grave for node in one["nodes"][:3]]


def settled(desk: Desk) -> None:
    """The page has what it asked for, and no skeleton is left."""
    expect(desk.page.locator("main").first).to_be_visible()
    expect(desk.page.locator(".skeleton, [aria-busy='true']")).to_have_count(0)


def test_sign_in(seat: Seat) -> None:
    desk = seat(None).open("/desk/signin")
    expect(desk.page.get_by_text("演示账号")).to_be_visible()
    desk.page.get_by_role("button", name="登录", exact=True).click()
    expect(desk.page.get_by_text("请输入账号")).to_be_visible()
    found = faults(desk, "sign-in")
    desk.page.get_by_role("button", name="夜间", exact=True).click()
    expect(desk.page.locator("html[data-theme='night']")).to_have_count(1)
    found += graver(desk, COLOURS, "sign-in by night")
    assert not found, "\n".join(found)


def test_register_list_and_order(seat: Seat, office: Office) -> None:
    number = office.handled("给读屏软件看的工单")["number"]
    found: list[str] = []
    desk = seat("operator").open("/desk/register")
    settled(desk)
    desk.page.get_by_role("textbox", name="诉求内容").fill("路口摆满了地摊。")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.get_by_role("alert").filter(has_text="还差")).to_be_visible()
    found += faults(desk, "register")

    desk = seat("dispatcher").open("/desk/orders?lamp=red")
    settled(desk)
    expect(desk.page.locator("tbody tr")).not_to_have_count(0)
    desk.page.get_by_role("button", name=re.compile("^更多条件")).click()
    found += faults(desk, "list")

    desk = seat("handler").open(f"/desk/orders/{number}")
    desk.key("答复", "f")
    settled(desk)
    desk.page.keyboard.press("Control+Enter")
    expect(desk.form("答复").get_by_role("alert").first).to_be_visible()
    found += faults(desk, "order")
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("?")
    expect(desk.page.get_by_role("dialog", name="快捷键")).to_be_visible()
    found += graver(desk, EVERYTHING, "keys")
    assert not found, "\n".join(found)


def test_the_home_of_each_role(seat: Seat, office: Office) -> None:
    office.dispatched("给读屏软件看的待签收")
    office.replied("给读屏软件看的待审核")
    office.approved("给读屏软件看的待回访")
    found: list[str] = []
    for who in ROLES:
        desk = seat(who).open("/desk/")
        settled(desk)
        tabs = desk.page.get_by_role("navigation", name="队列").get_by_role("button")
        expect(
            tabs.first if office.get(who, "/queues") else desk.page.get_by_text("您的岗位没有待办队列")
        ).to_be_visible()
        settled(desk)
        found += faults(desk, who)
        desk.page.context.close()
    assert not found, "\n".join(found)
