"""Every page fits its screen, is large enough to read, and speaks one language."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Response, ViewportSize, expect

from .conftest import WIDE, Seat
from .desk import Desk, Office

pytestmark = pytest.mark.browser

LARGE: ViewportSize = {"width": 1920, "height": 1080}
PHONE: ViewportSize = {"width": 390, "height": 844}
SMALLEST = 12

# Whatever can be scrolled sideways, by hand or because it sticks out of the window.
SIDEWAYS = """() => [document.documentElement, ...document.querySelectorAll('body *')]
  .filter(one => one.scrollWidth > one.clientWidth + 1
    && (one === document.documentElement || ['auto', 'scroll'].includes(getComputedStyle(one).overflowX)))
  .map(one => `${one.tagName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`)"""
# Words on the screen with their size; what only a screen reader hears is not read by the eye.
WORDS = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim(), one = walker.currentNode.parentElement
    if (!text || !one.checkVisibility({visibilityProperty: true}) || one.closest('.sr-only, script, style')) continue
    found.push([text, parseFloat(getComputedStyle(one).fontSize)])
  }
  for (const one of document.querySelectorAll('[placeholder], [aria-label], [title]'))
    for (const name of ['placeholder', 'aria-label', 'title'])
      if (one.checkVisibility() && one.getAttribute(name)) found.push([one.getAttribute(name), 99])
  return found
}"""
# Chinese in the English words on purpose: the way back to Chinese, and what one may type into a search.
MEANT = ("中文", "暖气不热")
HAN = re.compile("[\u3400-\u9fff]+")


def pages(seat: Seat, number: str, prepare: Callable[[Page], object] = lambda page: None) -> Iterator[tuple[str, Desk]]:
    """Every page of the desk, each in the window of somebody who works at it."""
    plan = [
        ("sign-in", None, "/desk/signin", ".panel form"), ("register", "operator", "/desk/register", ".panes"),
        ("home of the dispatcher", "dispatcher", "/desk/?queue=to_dispatch", ".order-pane .bar"),
        ("home of the handler", "handler", "/desk/?queue=handling", ".order-pane .bar"),
        ("list", "dispatcher", "/desk/orders", "tbody tr"), ("order", "handler", f"/desk/orders/{number}", ".order-pane .bar"),
        ("no such page", "dispatcher", "/desk/nowhere", "main"),
    ]  # fmt: skip
    for name, who, path, ready in plan:
        desk = seat(who)
        prepare(desk.page)
        desk.open(path)
        expect(desk.page.locator(ready).first).to_be_visible()
        yield name, desk
        desk.page.close()


def test_nothing_sticks_out_and_nothing_is_too_small(seat: Seat, office: Office) -> None:
    number = office.handled("看版面的工单")["number"]
    found: list[str] = []
    for name, desk in pages(seat, number):
        for size in (WIDE, LARGE):
            desk.page.set_viewport_size(size)
            found += [f"{name} at {size['width']}: {one}" for one in desk.page.evaluate(SIDEWAYS)]
            found += [f"{name}: {text} {px} px" for text, px in desk.page.evaluate(WORDS) if px < SMALLEST]
    assert not found, "\n".join(found)


def test_the_handler_works_on_a_phone(seat: Seat, office: Office) -> None:
    number = office.dispatched("路上用手机办的工单")["number"]
    desk = seat("handler", PHONE, is_mobile=True, has_touch=True).open("/desk/?queue=to_accept")
    expect(desk.row(number)).to_be_visible()
    # the tabs of the queues are pushed aside with the thumb, as on every phone; nothing else is
    assert [one for one in desk.page.evaluate(SIDEWAYS) if not one.startswith("NAV.tabs")] == []
    desk.row(number).tap()
    expect(desk.stands).to_contain_text("路上用手机办的工单")
    bar = desk.page.locator(".phone-bar")
    assert desk.page.evaluate(SIDEWAYS) == []
    bar.get_by_role("button", name="签收", exact=True).tap()
    expect(desk.said).to_contain_text("签收已完成")
    expect(bar.locator("button", has_text="拍照上传")).to_be_visible()
    assert desk.page.evaluate(SIDEWAYS) == []
    assert [words for words in desk.page.evaluate(WORDS) if words[1] < SMALLEST] == []
    for button in bar.locator("button").all():
        edge = button.bounding_box()
        assert edge and edge["height"] >= 44
    assert desk.wrong == []


def test_in_english_only_data_are_chinese(seat: Seat, office: Office) -> None:
    """The lines of the history are a record: they stay as the server wrote them, names of fields included."""
    number = office.handled("英文界面里的工单")["number"]
    known: list[str] = []
    found: list[str] = []

    def hear(answer: Response) -> None:
        if "/api/v1/" in answer.url and "json" in answer.headers.get("content-type", ""):
            known.append(data_of(json.loads(answer.text())))

    def prepare(page: Page) -> None:
        page.add_init_script("localStorage.setItem('huying.preferences', JSON.stringify({language: 'en'}))")
        page.on("response", hear)

    for name, desk in pages(seat, number, prepare):
        desk.page.wait_for_load_state("load")
        desk.page.evaluate("document.querySelectorAll('.time-line dl').forEach(one => one.remove())")
        words = desk.page.evaluate(WORDS)
        allowed = "".join(known) + "".join(MEANT)
        found += [f"{name}: {text}" for text, _ in words if any(han not in allowed for han in HAN.findall(text))]
    assert not found, "\n".join(found)


def data_of(answer: Any, key: str = "") -> str:
    """The words in an answer that are the city's own, not the program's: no labels."""
    if isinstance(answer, dict):
        return "\n".join(data_of(value, name) for name, value in answer.items() if not name.endswith("label"))
    if isinstance(answer, list):
        return "\n".join(data_of(value, key) for value in answer)
    return str(answer) if isinstance(answer, str) else ""
