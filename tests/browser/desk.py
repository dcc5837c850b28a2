"""A site, the people who work at it over HTTP, and a desk in a browser window."""

import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response, expect

from huying.runtime import serving
from huying.runtime.processes import Child
from huying.runtime.tests.conftest import wait_for
from tests.city import PASSWORD
from tests.faults.conftest import free_port

WAIT_MS = 20_000
START_SECONDS = 90
UNIT = "610113-cg"
# How the page learns that nobody is signed in: its 401 is an answer, not a fault.
WHO_AM_I = "/api/v1/me"
# Consultations that were answered on the spot before the tests began: more than a page of the list.
ASKED, MANY = "公积金提取", 60


class Site:
    """The web and the stream process on two free ports of loopback, on one database."""

    def __init__(self, database: str, home: str, tokens: Mapping[str, str], shots: Path) -> None:
        self.port, self.stream_port = free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.tokens = tokens
        self.shots = shots
        self.said: list[str] = []
        settings = {
            "HUYING_MODE": "demo", "HUYING_HOME": home, "HUYING_DATABASE_URL": database, "HUYING_LOG_LEVEL": "WARNING",
            "HUYING_PORT": str(self.port), "HUYING_STREAM_PORT": str(self.stream_port),
        }  # fmt: skip
        self.web = serving.web_child("127.0.0.1", self.port, 1, allowed_hosts=["127.0.0.1"], environment=settings)
        self.stream = serving.stream_child("127.0.0.1", self.stream_port, environment=settings)

    def start(self) -> None:
        """Start what does not run, and wait until it answers."""
        for child in (self.web, self.stream):
            if not child.running():
                child.start(self._hear)
        for child in (self.web, self.stream):
            assert wait_for(lambda child=child: child.look(), START_SECONDS), (child.name, self.said)  # type: ignore[misc]  # bound in the loop

    def stop(self, *children: Child) -> None:
        """End the children named, or all."""
        for child in children or (self.stream, self.web):
            child.stop()

    def _hear(self, name: str, line: str) -> None:
        self.said.append(f"{name} | {line.rstrip()}")


class Office:
    """The other people of the hotline: `office.do("dispatcher", number, "dispatch", lead=...)`, through the real verbs."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._phones = 0

    def call(self, who: str, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """(status, JSON) of a request by an account."""
        wire = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        known = {"Content-Type": "application/json", "Authorization": f"Bearer {self.site.tokens[who]}", **headers}
        try:
            wire.request(method, f"/api/v1{path}", json.dumps(body) if body is not None else None, known)
            answer = wire.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content else None
        finally:
            wire.close()

    def get(self, who: str, path: str) -> Any:
        """What an account reads."""
        status, answer = self.call(who, "GET", path)
        assert status == 200, answer
        return answer

    def register(self, title: str = "夜市占道", **changes: Any) -> Any:
        """A complaint about a street market, registered by the operator."""
        body = {
            "channel": "phone", "nature": "complaint", "title": title, "content": f"{title}，请尽快派人看看。", "matter": "010201",
            "place": {"text": "长延堡街道某某路口", "street": "610113003"}, "urgency": "normal",
            "citizen": {"name": "杨试试", "phone": "13800005678", "anonymous": False},
        } | changes  # fmt: skip
        status, order = self.call("operator", "POST", "/orders", body)
        assert status == 201, order
        return order

    def do(self, who: str, number: str, verb: str, **told: Any) -> Any:
        """A verb that must succeed."""
        status, order = self.call(who, "POST", f"/orders/{number}/{verb}", told)
        assert status == 200, order
        return order

    def dispatched(self, title: str = "夜市占道", **changes: Any) -> Any:
        """An order that waits for the handler to accept it."""
        return self.do("dispatcher", self.register(title, **changes)["number"], "dispatch", lead=UNIT)

    def handled(self, title: str = "夜市占道", **changes: Any) -> Any:
        """An order that the handler works on, the citizen contacted."""
        number = self.dispatched(title, **changes)["number"]
        self.do("handler", number, "accept")
        return self.do("handler", number, "contact", way="phone", reached=True, record="已电话联系，约定当晚到现场")

    def replied(self, title: str = "夜市占道", **changes: Any) -> Any:
        """An order whose reply waits for approval."""
        number = self.handled(title, **changes)["number"]
        return self.do(
            "handler", number, "reply", result="solved", content="当晚已到现场清理，并安排每晚巡查，责任人雷向东。"
        )

    def approved(self, title: str = "夜市占道", **changes: Any) -> Any:
        """An order that waits for the call-back."""
        return self.do("approver", self.replied(title, **changes)["number"], "approve")


@dataclass
class Keys:
    """The hands on the keyboard: control keys are counted, narrative (`tell`) is not."""

    page: Page
    pressed: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        """Control keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed.append(key)

    def tell(self, text: str) -> None:
        """Words that a person said."""
        self.page.keyboard.type(text)

    def search(self, text: str) -> None:
        """Typed to find something: every key counts."""
        self.page.keyboard.type(text)
        self.pressed.extend(text)


class Desk:
    """One browser window, and everything that went wrong in it."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site
        self.wrong: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.location.get("url", "").endswith(WHO_AM_I):
            self.wrong.append(f"console {message.type}: {message.text} {message.location.get('url', '')}")

    def _failed(self, request: Request) -> None:
        # A page that is left, or a search overtaken by the next key, gives its requests up itself.
        if request.failure != "net::ERR_ABORTED":
            self.wrong.append(f"failed: {request.method} {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not response.url.endswith(WHO_AM_I):
            self.wrong.append(f"{response.status}: {response.request.method} {response.url}")

    def open(self, path: str = "/desk/") -> "Desk":
        """Go to an address of the desk."""
        self.page.goto(path)
        return self

    def open_live(self, path: str = "/desk/") -> "Desk":
        """Go to an address, and wait until the page hears the live stream."""
        with self.page.expect_response(lambda answer: answer.url.endswith("/api/v1/stream") and answer.ok):
            self.page.goto(path)
        return self

    def sign_in(self, who: str) -> None:
        """By the form, as a person does."""
        self.page.get_by_label("账号", exact=True).fill(who)
        self.page.get_by_label("密码", exact=True).fill(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("navigation", name="工作", exact=True)).to_be_visible()

    def shoot(self, name: str) -> None:
        """Keep a picture of what stands on the screen."""
        self.page.screenshot(path=self.site.shots / f"{re.sub(r'[^-.0-9A-Za-z_]+', '-', name)}.png")

    # -- places on the screen

    def queue(self, label: str) -> Locator:
        """The tab of a queue."""
        return self.page.get_by_role("navigation", name="队列").get_by_role("button", name=re.compile(f"^{label}"))

    def count(self, label: str) -> Locator:
        """The number on the tab of a queue."""
        return self.queue(label).locator("b")

    def row(self, number: str) -> Locator:
        """An order in the queue on the left."""
        return self.page.locator(f"[data-number='{number}']")

    @property
    def pane(self) -> Locator:
        """The order on the screen."""
        return self.page.locator(".order-pane")

    @property
    def stands(self) -> Locator:
        """Where the order on the screen stands: number, state, title, lamp, whose turn it is."""
        return self.pane.locator("header.head")

    def form(self, label: str) -> Locator:
        """The form of an action, open in the order."""
        return self.pane.get_by_role("region", name=label, exact=True)

    def action(self, label: str) -> Locator:
        """The button of an action, the rest unfolded when it is among them."""
        bar = self.pane.locator(".bar").first
        expect(bar.get_by_role("button").first).to_be_visible()
        button = bar.get_by_role("button", name=label, exact=True)
        more = bar.get_by_role("button", name=re.compile("^其他操作"))
        expect(button.or_(more).first).to_be_visible()
        if not button.count():
            more.click()
        return button

    def act(self, label: str) -> None:
        """Press the button of an action."""
        self.action(label).click()

    def key(self, label: str, key: str) -> None:
        """Press the key of an action, once it is offered."""
        expect(self.action(label)).to_be_visible()
        self.page.keyboard.press(key)

    @property
    def said(self) -> Locator:
        """What was said at the foot of the page."""
        return self.page.locator(".said[role='status']")

    def choose(self, form: Locator, group: str, label: str) -> None:
        """One of a few choices side by side."""
        form.get_by_role("radiogroup", name=group, exact=True).locator("label").filter(
            has_text=re.compile(rf"^\s*{label}\s*$")
        ).click()
