"""Nothing typed is lost: reload, ended session, broken network, lost answer; and no key of an input method submits."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.city import PASSWORD

from .conftest import Seat
from .desk import Desk, Office

pytestmark = pytest.mark.browser

WORDS = "昨晚十一点以后工地还在浇筑混凝土，孩子睡不着，希望夜里停工。"


@pytest.fixture
def operator(seat: Seat) -> Desk:
    """At the registration page."""
    desk = seat("operator").open("/desk/register")
    expect(desk.page.locator(":focus")).to_have_accessible_name("来电号码")
    return desk


def box(desk: Desk, name: str) -> Locator:
    """A field of the registration page."""
    return desk.page.get_by_role("textbox", name=name, exact=True)


def filled(desk: Desk, title: str) -> None:
    """Everything that a registration needs, with a title that no other order has."""
    page = desk.page
    box(desk, "来电号码").fill("13800005678")
    box(desk, "诉求内容").fill(f"{title}。{WORDS}")
    matter = page.get_by_role("combobox", name="事项")
    matter.fill("地摊")
    expect(page.get_by_role("option").first).to_be_visible()
    matter.press("Enter")
    page.keyboard.press("3")
    expect(page.get_by_role("radio", name="投诉", exact=True)).to_be_checked()


def found(office: Office, title: str) -> list[str]:
    """The orders with this title."""
    rows = office.get("dispatcher", "/orders?limit=100")["items"]
    return [row["number"] for row in rows if row["title"].startswith(title)]


def test_a_registration_survives_a_reload(operator: Desk) -> None:
    filled(operator, "重新载入")
    operator.page.reload()
    expect(box(operator, "诉求内容")).to_have_value(f"重新载入。{WORDS}")
    expect(box(operator, "来电号码")).to_have_value("138 0000 5678")
    expect(operator.page.get_by_role("radio", name="投诉", exact=True)).to_be_checked()
    expect(operator.page.locator("[data-field='matter']")).to_contain_text("流动摊贩占道叫卖")
    operator.page.get_by_role("button", name="丢弃", exact=True).click()
    expect(operator.said).to_contain_text("已丢弃")
    assert operator.wrong == []


def test_a_form_survives_a_reload(seat: Seat, office: Office) -> None:
    number = office.register("表单重新载入")["number"]
    dispatcher = seat("dispatcher").open(f"/desk/orders/{number}")
    dispatcher.key("请诉求人补充", "r")
    question = dispatcher.form("请诉求人补充").get_by_label("需要补充的内容")
    question.fill(WORDS)
    dispatcher.page.reload()
    dispatcher.key("请诉求人补充", "r")
    expect(question).to_have_value(WORDS)
    expect(dispatcher.form("请诉求人补充")).to_contain_text("这是上次没有提交的内容")


def renew(desk: Desk) -> None:
    """Give the password in the dialog over the page."""
    dialog = desk.page.get_by_role("dialog", name="登录已过期")
    expect(dialog).to_be_visible()
    password = dialog.get_by_label("密码", exact=True)
    expect(password).to_be_focused()
    password.fill(PASSWORD)
    desk.page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)


def test_an_ended_session_is_renewed_over_the_page(operator: Desk, office: Office) -> None:
    title = "登录中途过期"
    filled(operator, title)
    operator.page.context.clear_cookies()
    operator.page.keyboard.press("Control+Enter")
    renew(operator)
    expect(box(operator, "诉求内容")).to_have_value(f"{title}。{WORDS}")
    operator.page.keyboard.press("Control+Enter")
    expect(operator.page.get_by_role("status", name="已登记，等待派单")).to_be_visible()
    assert len(found(office, title)) == 1


def test_an_ended_session_keeps_a_form(seat: Seat, office: Office) -> None:
    number = office.register("表单中途过期")["number"]
    dispatcher = seat("dispatcher").open(f"/desk/orders/{number}")
    dispatcher.key("请诉求人补充", "r")
    question = dispatcher.form("请诉求人补充").get_by_label("需要补充的内容")
    question.fill(WORDS)
    dispatcher.page.context.clear_cookies()
    dispatcher.page.keyboard.press("Control+Enter")
    renew(dispatcher)
    expect(question).to_have_value(WORDS)
    question.press("Control+Enter")
    expect(dispatcher.said).to_contain_text("请诉求人补充已完成")


def test_offline_says_so_and_a_second_press_registers_once(operator: Desk, office: Office) -> None:
    title = "断网以后再交"
    filled(operator, title)
    operator.page.context.set_offline(True)
    expect(operator.page.get_by_text("网络已断开。已输入的内容都在")).to_be_visible()
    operator.page.keyboard.press("Control+Enter")
    failure = operator.page.get_by_role("alert").filter(has_text="没有提交成功：连不上服务器")
    expect(failure).to_be_visible()
    expect(box(operator, "诉求内容")).to_have_value(f"{title}。{WORDS}")
    assert found(office, title) == []
    operator.page.context.set_offline(False)
    expect(operator.page.get_by_role("alert").filter(has_text="网络已恢复，可以再提交一次")).to_be_visible()
    operator.page.keyboard.press("Control+Enter")
    expect(operator.page.get_by_role("status", name="已登记，等待派单")).to_be_visible()
    assert len(found(office, title)) == 1


def test_a_lost_answer_does_not_register_twice(operator: Desk, office: Office) -> None:
    title = "回答丢在路上"
    filled(operator, title)

    def lose(route: Route) -> None:
        if route.request.method == "POST":
            assert route.fetch().status == 201
            route.abort("connectionreset")
        else:
            route.continue_()

    operator.page.route("**/api/v1/orders", lose)
    operator.page.keyboard.press("Control+Enter")
    expect(operator.page.get_by_role("alert").filter(has_text="没有提交成功")).to_be_visible()
    assert len(found(office, title)) == 1
    operator.page.unroute("**/api/v1/orders")
    operator.page.keyboard.press("Control+Enter")
    expect(operator.page.get_by_role("status", name="已登记，等待派单")).to_be_visible()
    assert len(found(office, title)) == 1


# -- input methods: the Enter that takes a word belongs to them

COMPOSING: list[dict[str, Any]] = [
    {"key": "Enter", "isComposing": True, "keyCode": 13}, {"key": "Enter", "keyCode": 229}, {"key": "Process", "keyCode": 229},
    {"key": "Enter", "ctrlKey": True, "isComposing": True, "keyCode": 13}, {"key": "Enter", "ctrlKey": True, "keyCode": 229},
    {"key": "Enter", "ctrlKey": True, "shiftKey": True, "isComposing": True, "keyCode": 229},
]  # fmt: skip


def compose(page: Page) -> None:
    """The keys that an input method swallows, at the element with the focus."""
    for key in COMPOSING:
        page.evaluate(
            "key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, cancelable: true, ...key}))",
            key,
        )


def sent(page: Page) -> list[Request]:
    """The orders and verbs that the page posts from now on."""
    posts: list[Request] = []
    page.on("request", lambda one: posts.append(one) if one.method == "POST" and "/orders" in one.url else None)
    return posts


def bodies(posts: list[Request]) -> list[dict[str, Any]]:
    """What was posted."""
    return [json.loads(one.post_data or "{}") for one in posts]


def test_composing_never_registers(operator: Desk, office: Office) -> None:
    title = "输入法组字"
    page, posts = operator.page, sent(operator.page)
    box(operator, "来电号码").focus()
    compose(page)
    expect(page.locator(":focus")).to_have_accessible_name("来电号码")
    filled(operator, title)
    box(operator, "诉求内容").focus()
    compose(page)
    page.keyboard.press("Control+End")
    page.keyboard.type("（完）")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status", name="已登记，等待派单")).to_be_visible()
    # had a composed key submitted, the words typed after it would be missing
    assert [body["content"] for body in bodies(posts)] == [f"{title}。{WORDS}（完）"]
    assert len(found(office, title)) == 1


def test_composing_never_picks_a_suggestion_nor_searches(operator: Desk) -> None:
    page = operator.page
    matter = page.get_by_role("combobox", name="事项")
    matter.fill("地摊")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    compose(page)
    expect(matter).to_have_value("地摊")
    expect(matter).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-field='matter']")).to_contain_text("流动摊贩占道叫卖")
    search = page.get_by_role("searchbox", name="查工单")
    search.fill("路灯")
    compose(page)
    expect(search).to_have_value("路灯")
    assert page.url.endswith("/desk/register")
    search.press("Enter")
    expect(page).to_have_url(re.compile(r"/desk/orders\?q="))


def test_composing_never_sends_a_form(seat: Seat, office: Office) -> None:
    number = office.register("表单里组字")["number"]
    dispatcher = seat("dispatcher").open(f"/desk/orders/{number}")
    posts = sent(dispatcher.page)
    dispatcher.key("请诉求人补充", "r")
    question = dispatcher.form("请诉求人补充").get_by_label("需要补充的内容")
    question.fill(WORDS)
    compose(dispatcher.page)
    question.press("Control+End")
    dispatcher.page.keyboard.type("（完）")
    dispatcher.page.keyboard.press("Control+Enter")
    expect(dispatcher.said).to_contain_text("请诉求人补充已完成")
    assert [body["question"] for body in bodies(posts)] == [f"{WORDS}（完）"]
