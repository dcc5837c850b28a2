"""What the browser tests share: a site of its own (real web and stream processes on loopback), Chromium, signed-in desks."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright

from huying.config.testing import chromium
from huying.kernel import clock
from huying.orders.models import WorkOrder
from huying.orders.operations import perform, register_many
from huying.orders.operations.registering import Submission
from huying.orders.reading import actor_of
from huying.people.models import ApiToken, Staff, Unit
from huying.people.queries import TOKEN_LIFE
from tests.city import PASSWORD
from tests.faults.conftest import address_of

from .desk import ASKED, MANY, UNIT, WAIT_MS, Desk, Office, Site

WIDE: ViewportSize = {"width": 1366, "height": 768}
# Who works beside the demo accounts: a second dispatcher, and a street office that assists.
MORE = {"dispatcher2": ("dispatcher", "柳青", "city-gov-hotline"), "street": ("handler", "何芳", "610113003")}
Seat = Callable[..., Desk]


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample city in a database of its own, served by the real processes; ended and dropped with the session."""
    own = str(connection.settings_dict["NAME"])
    name = f"{own}_browser"
    with django_db_blocker.unblock():
        connection.close()  # a database with visitors cannot be copied
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{own}"')
        try:
            connection.settings_dict["NAME"] = name
            address = address_of(connection.settings_dict)
            tokens = _people()
            _past()
            connection.close()
        finally:
            connection.settings_dict["NAME"] = own
    here = Site(address, os.environ["HUYING_HOME"], tokens, tmp_path_factory.mktemp("shots"))
    try:
        here.start()
        yield here
    finally:
        here.stop()
        with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _people() -> dict[str, str]:
    """Passwords that the served site accepts (the tests' own quick hashes are none there); a bearer token for everybody."""
    hasher = PBKDF2PasswordHasher()
    password = hasher.encode(PASSWORD, hasher.salt())
    Staff.objects.filter(password__startswith="md5").update(password=password)
    for username, (role, name, unit) in MORE.items():
        Staff.objects.create(
            username=username, name=name, roles=[role], unit=Unit.objects.get(code=unit), password=password
        )
    tokens: dict[str, str] = {}
    for staff in Staff.objects.filter(is_active=True):
        tokens[staff.username] = secrets.token_urlsafe(16)
        digest = hashlib.sha256(tokens[staff.username].encode()).digest()
        ApiToken.objects.create(staff=staff, digest=digest, expires_at=clock.now() + TOKEN_LIFE)
    return tokens


def _past() -> None:
    """What the hotline has behind it: consultations answered on the spot, more than a page of them, and orders that are late."""
    actors = {name: actor_of(Staff.objects.get(username=name)) for name in ("operator", "dispatcher")}
    asked = Submission("phone", "consult", "", "请问公积金怎么提取，需要什么材料？", citizen_phone="13900001111")
    for made in register_many(
        [replace(asked, title=f"{ASKED}（{n}）") for n in range(1, MANY + 1)], by=actors["operator"]
    ):
        assert isinstance(made, WorkOrder), made
        perform(made.number, "answer", {"answer": "带身份证到服务大厅办理。"}, by=actors["operator"])
    late = Submission(
        "phone", "complaint", "", "小区门口的路灯不亮，晚上看不见路。", matter="010201", street="610113003", citizen_phone="13900002222"
    )  # fmt: skip
    with clock.frozen(clock.now() - timedelta(days=12)):
        orders = register_many([replace(late, title=f"路灯不亮（{n}）") for n in range(1, 5)], by=actors["operator"])
        for order in orders[:2]:
            assert isinstance(order, WorkOrder), order
            perform(order.number, "dispatch", {"lead": UNIT}, by=actors["dispatcher"])


@pytest.fixture(scope="session")
def office(site: Site) -> Office:
    """Everybody else's work, over HTTP."""
    return Office(site)


@pytest.fixture(scope="session")
def chrome(site: Site) -> Iterator[Browser]:
    """The system's Chromium; after the site, because its database work must not meet the event loop of the browser."""
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def cookies() -> dict[str, Any]:
    """Sessions already begun, by account: one sign-in each is enough."""
    return {}


@pytest.fixture
def seat(site: Site, chrome: Browser, cookies: dict[str, Any], request: pytest.FixtureRequest) -> Iterator[Seat]:
    """`seat("dispatcher")`: a browser window of its own, signed in; `seat(None)`: at the sign-in page."""
    opened: list[Desk] = []

    def sit(who: str | None, size: ViewportSize = WIDE, **options: Any) -> Desk:
        kept = cookies.get(who) if who else None
        context = chrome.new_context(
            base_url=site.address, viewport=size, locale="zh-CN", storage_state=kept, **options
        )
        desk = Desk(context.new_page(), site)
        opened.append(desk)
        if who and not kept:
            answer = context.request.post("/api/v1/sessions", data={"username": who, "password": PASSWORD})
            assert answer.ok, answer.text()
            # the session only: drafts and preferences belong to the window in which they were made
            cookies[who] = {"cookies": context.storage_state()["cookies"], "origins": []}
        return desk

    yield sit
    failed = getattr(request.node, "failed_call", False)
    for number, desk in enumerate(opened):
        if failed and not desk.page.is_closed():
            desk.shoot(f"{request.node.name}-{number}")
        desk.page.context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Remember that a test failed, so that what stood on its screens is kept."""
    report = yield
    if call.when == "call" and report.failed:
        item.failed_call = True  # type: ignore[attr-defined]  # read by `seat` after the test
    return report
