"""One request from the call to 已办结 through every desk (issue 2), and nothing goes wrong in any window on the way."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from .conftest import Seat
from .desk import Desk, Keys, Office

pytestmark = pytest.mark.browser

MOST_KEYS = 25
CONTENT = "每天傍晚路口摆满了水果摊和烧烤摊，行人只能走到车道上，希望有人来管。"
GPS = 0x8825

# What was done, by whom, from the first to the last.
DONE = [
    ("登记", "秦悦"), ("派单", "高朗"), ("签收", "何芳"), ("答复", "何芳"), ("签收", "雷向东"), ("联系诉求人", "雷向东"), ("上传附件", "雷向东"), ("答复", "雷向东"),
    ("答复审核通过", "白若溪"), ("回访", "谢晓棠"),
]  # fmt: skip


def photograph() -> bytes:
    """A JPEG as a phone makes it: with the place where it was taken and the name of the camera."""
    picture = Image.new("RGB", (320, 240), (120, 160, 90))
    marks = picture.getexif()
    marks[0x010F] = "Some Phone"
    marks.get_ifd(GPS).update({1: "N", 2: (34.0, 13.0, 6.0), 3: "E", 4: (108.0, 56.0, 24.0)})
    taken = io.BytesIO()
    picture.save(taken, "JPEG", exif=marks)
    assert Image.open(io.BytesIO(taken.getvalue())).getexif().get_ifd(GPS)
    return taken.getvalue()


def registered_by_keyboard(desk: Desk) -> str:
    """The number of an order that the operator registered without touching the mouse."""
    page, keys = desk.page, Keys(desk.page)
    focus = page.locator(":focus")
    desk.open("/desk/")
    expect(focus).to_have_accessible_name("账号")
    keys.tell("operator")
    keys.press("Tab")
    keys.tell("huying-demo")
    keys.press("Enter")
    # the way home ends before the next one begins, or it would lead back from the page that the key opens
    page.wait_for_url(lambda url: "signin" not in url)
    expect(page.get_by_role("navigation", name="工作", exact=True)).to_be_visible()
    keys.press("Alt+r")
    expect(focus).to_have_accessible_name("来电号码")
    keys.tell("13800005678")
    keys.press("Enter")
    expect(focus).to_have_accessible_name("姓名")
    keys.tell("杨试试")
    keys.press("Enter")
    expect(focus).to_have_accessible_name("诉求内容")
    keys.tell(CONTENT)
    keys.press("Tab")
    expect(focus).to_have_accessible_name("发生地点")
    keys.search("cybjd")
    expect(page.get_by_role("option", name=re.compile("^长延堡街道"))).to_have_attribute("aria-selected", "true")
    keys.press("Enter")
    expect(focus).to_have_accessible_name("事项")
    keys.search("地摊")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("option").first).to_contain_text("流动摊贩占道叫卖")
    keys.press("Enter")
    expect(page.get_by_role("radiogroup", name="诉求性质")).to_contain_text("投诉")
    expect(focus).to_have_attribute("type", "radio")
    keys.press("3")
    expect(page.get_by_role("radio", name="投诉", exact=True)).to_be_checked()
    keys.press("Control+Enter")
    done = page.get_by_role("status", name="已登记，等待派单")
    expect(done).to_be_visible()
    assert len(keys.pressed) <= MOST_KEYS, keys.pressed
    display = done.locator(".number").get_attribute("aria-label") or ""
    assert re.fullmatch(r"\d{8}-\d{6}-\d", display), display
    return display.replace("-", "")


def test_one_request_straight_through(seat: Seat, office: Office) -> None:
    urgent = office.register("井盖缺失，行人险些掉下去", urgency="critical")["number"]
    operator = seat(None)
    number = registered_by_keyboard(operator)

    dispatcher = seat("dispatcher").open("/desk/?queue=to_dispatch")
    expect(dispatcher.queue("待派单")).to_have_attribute("aria-current", "true")
    expect(dispatcher.row(number)).to_be_visible()
    assert_by_time_to_breach(dispatcher, office, urgent, number)
    dispatcher.row(number).click()
    expect(dispatcher.pane.locator(".number")).to_have_text(re.compile(number[-7:-1]))
    suggested = dispatcher.pane.get_by_role("region", name="派单目录的建议").locator("li").first
    expect(suggested).to_contain_text("雁塔区城市管理")
    dispatcher.page.keyboard.press("Alt+o")
    form = dispatcher.form("派单")
    expect(form).to_contain_text("已采用")
    dispatcher.page.keyboard.press("Control+Enter")
    expect(dispatcher.said).to_contain_text("派单已完成，工单现在是“办理中”")
    expect(dispatcher.row(number)).to_have_count(0)

    # the street office, which assists, answers the unit in charge
    office.do("street", number, "accept")
    office.do("street", number, "reply", result="solved", content="网格员已到现场劝离摊贩两户。")

    handler = seat("handler").open("/desk/?queue=to_accept")
    handler.row(number).click()
    handler.key("签收", "s")
    expect(handler.said).to_contain_text("签收已完成")
    handler.open(f"/desk/orders/{number}")
    handler.key("联系诉求人", "t")
    contact = handler.form("联系诉求人")
    handler.choose(contact, "联系方式", "电话")
    handler.choose(contact, "是否联系上", "是")
    contact.get_by_label("联系记录").fill("已电话联系诉求人，约定今晚七点到现场查看。")
    handler.page.keyboard.press("Control+Enter")
    expect(contact).to_have_count(0)
    handler.page.get_by_label("上传附件").set_input_files(
        {"name": "现场照片.jpg", "mimeType": "image/jpeg", "buffer": photograph()}
    )
    photo = handler.page.get_by_role("link", name="现场照片.jpg")
    expect(photo).to_be_visible()
    answer = handler.page.request.get(photo.get_attribute("href") or "")
    assert answer.status == 200
    kept = Image.open(io.BytesIO(answer.body()))
    assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (320, 240), {})
    handler.key("答复", "f")
    reply = handler.form("答复")
    handler.choose(reply, "办理结果", "已解决")
    reply.get_by_label("答复内容").fill("11月24日晚执法队员到现场清理摊位并责令整改，安排每晚巡查，责任人雷向东。")
    handler.page.keyboard.press("Control+Enter")
    expect(reply).to_have_count(0)
    expect(handler.stands).to_contain_text("答复待审核")

    approver = seat("approver").open("/desk/?queue=reply_review")
    approver.row(number).click()
    expect(approver.pane).to_contain_text("安排每晚巡查")
    approver.act("答复审核通过")
    approver.form("答复审核通过").get_by_role("button", name="答复审核通过", exact=True).click()
    expect(approver.said).to_contain_text("现在是“待回访”")

    callback = seat("callback").open("/desk/?queue=to_call_back")
    callback.row(number).click()
    callback.act("回访")
    called = callback.form("回访")
    expect(called).to_contain_text("安排每晚巡查")
    callback.choose(called, "回访方式", "电话")
    callback.choose(called, "是否接通", "是")
    callback.choose(called, "是否解决", "是")
    callback.choose(called, "是否满意", "满意")
    callback.page.keyboard.press("Control+Enter")
    expect(callback.said).to_contain_text("现在是“已办结”")

    operator.page.get_by_role("link", name="打开工单").click()
    expect(operator.stands).to_contain_text("已办结")
    events = operator.pane.locator(".time-line li .head")
    expect(events).to_have_count(len(DONE))
    told = [" ".join(text.split()) for text in reversed(events.all_inner_texts())]
    assert [line for line, (what, who) in zip(told, DONE, strict=True) if what not in line or who not in line] == []
    for desk in (operator, dispatcher, handler, approver, callback):
        assert desk.wrong == []


def assert_by_time_to_breach(desk: Desk, office: Office, urgent: str, number: str) -> None:
    """The queue stands in the order of what is due first, and says in words how much time is left."""
    rows = office.get("dispatcher", "/orders?queue=to_dispatch&sort=due&limit=50")["items"]
    due = [row["lamp"]["due_at"] for row in rows]
    assert due == sorted(due)
    shown = [row.get_attribute("data-number") for row in desk.page.locator("[data-number]").all()]
    assert shown == [row["number"] for row in rows]
    assert shown.index(urgent) < shown.index(number)
    for row in (urgent, number):
        expect(desk.row(row).locator("[data-lamp]")).to_have_text(re.compile("(还剩|超期).*(小时|分钟|工作日)"))
